import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { terminal } from '@cascade/contracts';
import { z } from 'zod';
import { stateFolder } from './host-config.js';

/** What a token may do, each with all that stands before it: look; start, stop and answer; operate. */
export const accessScopes = ['read', 'run', 'admin'] as const;
export type AccessScope = (typeof accessScopes)[number];

/** Most tokens of a deployment. */
export const MAX_TOKENS = 1_000;
/** A token that was revoked is refused after so long, in milliseconds. */
const LOOK_AGAIN_MS = 1_000;

const record = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'has up to 63 lower-case letters, digits, dots, dashes and underscores'),
  scope: z.enum(accessScopes),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.string().max(40),
});
const content = z.object({ tokens: z.array(record).max(MAX_TOKENS) });
export type TokenRecord = z.output<typeof record>;

/** Where the tokens are: `CASCADE_API_TOKENS`, or below `CASCADE_HOME`. */
export const tokensFile = (env: NodeJS.ProcessEnv): string => env['CASCADE_API_TOKENS'] || path.join(env['CASCADE_HOME'] || stateFolder(), 'api-tokens.json');

/**
 * The tokens of a deployment's API: a file with their hashes, which is read again when it was changed. A token is 256
 * random bits, so one round of SHA-256 is as good as a slow hash, and looking a hash up tells nothing about another.
 */
export class AccessTokens {
  private known = new Map<string, TokenRecord>();
  private version = '';
  private lookAt = 0;
  private looking: Promise<void> | undefined;

  constructor(readonly file: string) {}

  /** Whose token it is; undefined for one that is unknown. Throws `CASC_API_TOKENS_INVALID` (terminal). */
  async find(token: string): Promise<TokenRecord | undefined> {
    if (performance.now() >= this.lookAt) await (this.looking ??= this.reload().finally(() => { this.looking = undefined; }));
    return this.known.get(hashOf(token));
  }

  /** By name. Throws `CASC_API_TOKENS_INVALID` (terminal). */
  async list(): Promise<TokenRecord[]> {
    return (await this.read()).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The new token, which is told this once. Throws (terminal) `CASC_USAGE` for a name that is taken or none, and `CASC_API_TOKENS_INVALID`. */
  async create(name: string, scope: AccessScope): Promise<string> {
    const tokens = await this.read();
    const token = `casc_${randomBytes(32).toString('base64url')}`;
    const added = record.safeParse({ name, scope, sha256: hashOf(token), createdAt: new Date().toISOString() });
    if (!added.success) throw terminal('CASC_USAGE', `A token's name ${added.error.issues[0]?.message ?? 'is not valid'}.`);
    if (tokens.some((one) => one.name === name)) throw terminal('CASC_USAGE', `There is a token ${name} already.`, { advice: 'Revoke it first, or take another name.' });
    if (tokens.length >= MAX_TOKENS) throw terminal('CASC_USAGE', `There are ${MAX_TOKENS} tokens already.`, { advice: 'Revoke some that nobody needs any more.' });
    await this.write([...tokens, added.data]);
    return token;
  }

  /** Whether there was such a token. Throws `CASC_API_TOKENS_INVALID` (terminal). */
  async revoke(name: string): Promise<boolean> {
    const tokens = await this.read();
    const left = tokens.filter((one) => one.name !== name);
    if (left.length < tokens.length) await this.write(left);
    return left.length < tokens.length;
  }

  private async reload(): Promise<void> {
    const found = await stat(this.file, { bigint: true }).catch(absent);
    const version = found === undefined ? '' : `${found.ino} ${found.mtimeNs} ${found.size}`;
    if (version !== this.version) this.known = new Map((await this.read()).map((one) => [one.sha256, one]));
    this.version = version;
    this.lookAt = performance.now() + LOOK_AGAIN_MS;
  }

  private async read(): Promise<TokenRecord[]> {
    const text = await readFile(this.file, 'utf8').catch(absent);
    if (text === undefined) return [];
    try {
      return content.parse(JSON.parse(text)).tokens;
    } catch (error) {
      throw terminal('CASC_API_TOKENS_INVALID', `${this.file} does not hold the tokens of an API.`, { advice: 'Remove it, and create tokens with `cascade api token create`.', cause: error });
    }
  }

  private async write(tokens: readonly TokenRecord[]): Promise<void> {
    const temporary = `${this.file}.${randomBytes(6).toString('hex')}.tmp`;
    await mkdir(path.dirname(this.file), { recursive: true });
    try {
      await writeFile(temporary, `${JSON.stringify({ tokens }, null, 2)}\n`, { flag: 'wx', mode: 0o600, flush: true });
      await chmod(temporary, 0o600);
      await rename(temporary, this.file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

function absent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
