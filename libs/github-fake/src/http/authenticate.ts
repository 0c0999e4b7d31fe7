import { createVerify } from 'node:crypto';
import { Refusal } from '../world/refusal.js';
import { type GitHubApp } from '../world/types.js';
import { type World } from '../world/world.js';
import { type Caller } from './call.js';

/** How long the JWT of an App may last, and how far its clock may be ahead, in seconds. GitHub's own limits. */
const MAX_JWT_SECONDS = 600;
const CLOCK_DRIFT_SECONDS = 60;

const badCredentials = (): Refusal => new Refusal(401, 'Bad credentials');

/** @throws Refusal 401 when what was shown is unknown, expired or wrongly signed */
export function authenticate(world: World, authorization: string | undefined): Caller {
  if (authorization === undefined) return { kind: 'anonymous' };
  const [scheme = '', credential = ''] = authorization.split(/\s+/, 2);
  if (scheme.toLowerCase() === 'basic') return withToken(world, Buffer.from(credential, 'base64').toString().split(':')[1] ?? '');
  if (credential.split('.').length === 3) return { kind: 'app', app: appOf(world, credential) };
  return withToken(world, credential);
}

function withToken(world: World, value: string): Caller {
  const token = world.tokens.get(value);
  if (token === undefined || (token.expiresAt !== undefined && token.expiresAt <= world.now())) throw badCredentials();
  return { kind: 'token', token };
}

/** Checks as GitHub does: RS256 by the App's key, `iss` the App, `exp` at most ten minutes away. */
function appOf(world: World, jwt: string): GitHubApp {
  const [header = '', claims = '', signature = ''] = jwt.split('.');
  const said = parsed(claims);
  const app = world.apps.get(Number(said['iss'])) ?? [...world.apps.values()].find((one) => `Iv1.${one.id}` === said['iss']);
  if (app === undefined || parsed(header)['alg'] !== 'RS256') throw new Refusal(401, 'A JSON web token could not be decoded');
  if (!createVerify('RSA-SHA256').update(`${header}.${claims}`).verify(app.publicKey, signature, 'base64url')) throw new Refusal(401, 'A JSON web token could not be decoded');
  const now = Math.floor(world.now() / 1000);
  const expires = Number(said['exp']);
  if (!(expires > now)) throw new Refusal(401, "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires");
  if (expires > now + MAX_JWT_SECONDS) throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  if (Number(said['iat']) > now + CLOCK_DRIFT_SECONDS) throw new Refusal(401, "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued");
  return app;
}

function parsed(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
