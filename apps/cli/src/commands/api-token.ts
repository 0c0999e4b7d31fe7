import { terminal } from '@cascade/contracts';
import { AccessTokens, tokensFile, type AccessScope } from '@cascade/service-host';
import type { CommandContext, SharedOptions } from '../command-context.js';
import { exitCodes } from '../exit-codes.js';

/** Makes a token, and shows it: only its hash is kept. Throws `CASC_USAGE` for a name that is taken. */
export async function create(name: string, options: SharedOptions & { readonly scope: AccessScope }, { env, screen }: CommandContext): Promise<number> {
  const tokens = new AccessTokens(tokensFile(env));
  const token = await tokens.create(name, options.scope);
  screen.data(options.json === true ? JSON.stringify({ name, scope: options.scope, token }) : token);
  screen.notice(`Token ${name} (${options.scope}). Only its hash is kept, in ${tokens.file}; it is shown this once.`);
  return exitCodes.done;
}

export async function list(options: SharedOptions, { env, screen }: CommandContext): Promise<number> {
  const tokens = await new AccessTokens(tokensFile(env)).list();
  if (tokens.length === 0) screen.notice('No tokens.');
  for (const { name, scope, createdAt } of tokens) screen.data(options.json === true ? JSON.stringify({ name, scope, createdAt }) : `${name.padEnd(30)}  ${scope.padEnd(5)}  ${createdAt.slice(0, 10)}`);
  return exitCodes.done;
}

/** Throws `CASC_USAGE` for a name that is unknown. */
export async function revoke(name: string, options: SharedOptions, { env, screen }: CommandContext): Promise<number> {
  if (!await new AccessTokens(tokensFile(env)).revoke(name)) throw terminal('CASC_USAGE', `There is no token ${JSON.stringify(name.slice(0, 100))}.`, { advice: '`cascade api token list` shows the ones that are there.' });
  if (options.json === true) screen.data(JSON.stringify({ name, revoked: true }));
  else screen.notice(`Token ${name} is refused from now on.`);
  return exitCodes.done;
}
