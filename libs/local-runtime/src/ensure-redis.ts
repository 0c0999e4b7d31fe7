import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { redisNodes, terminal } from '@cascade/contracts';
import { askRedis } from './ask-redis.js';
import { cacheDirectory } from './cache-directory.js';
import { withFileLock } from './file-lock.js';
import { findRedisProgram } from './redis-program.js';
import { startRedisServer } from './redis-server.js';
import type { Environment } from './run-command.js';
import { findRecordedServer, writeServerRecord } from './server-record.js';
import { registerUser, removeUser } from './server-users.js';

export interface RedisNeed {
  readonly env: Environment;
  /** Where a private server keeps its files. */
  readonly directory: string;
  /** Data and server outlive this process, and another one finds them again through `directory`. */
  readonly persistent: boolean;
}

export interface LocalRedis {
  readonly url: string;
  /** False for `REDIS_URL` and for a private server that another process started. */
  readonly startedByUs: boolean;
  /** Ends a private server when no other process uses it. Never touches the server of `REDIS_URL`. */
  stop(): Promise<void>;
}

/**
 * A Redis to work with: the one of `REDIS_URL`, the private one that still runs in `directory`, or a new private one.
 * Throws `CASC_REDIS_UNREACHABLE` (the named server does not answer), `CASC_REDIS_UNAVAILABLE` (no program to start)
 * or `CASC_REDIS_START_FAILED`.
 */
export async function ensureRedis(need: RedisNeed): Promise<LocalRedis> {
  const named = need.env['REDIS_URL'];
  if (named !== undefined && named !== '') return useNamed(named);
  if (!need.persistent) return startTemporary(need);
  await mkdir(need.directory, { recursive: true, mode: 0o700 });
  return underLock(need.directory, async () => {
    const running = await findRecordedServer(need.directory);
    const url = running ?? (await startPersistent(need));
    const user = await registerUser(need.directory);
    return { url, startedByUs: running === undefined, stop: () => leave(need.directory, url, user) };
  });
}

const underLock = <T>(directory: string, fn: () => Promise<T>): Promise<T> => withFileLock(path.join(directory, 'starting.lock'), fn);

async function useNamed(url: string): Promise<LocalRedis> {
  const nodes = redisNodes(url);
  const advice = 'Check REDIS_URL, or unset it to let Cascade start a private server.';
  const [pong = ''] = await Promise.any(nodes.map((node) => askRedis(node, [['PING']]))).catch(({ errors }: AggregateError) => {
    const error = errors[0] as Error;
    throw terminal('CASC_REDIS_UNREACHABLE', error.message, { advice, cause: error });
  });
  if (pong !== 'PONG') throw terminal('CASC_REDIS_UNREACHABLE', `What listens at ${new URL(nodes[0]).host} is not a Redis server.`, { advice });
  return { url, startedByUs: false, stop: async () => undefined };
}

async function startTemporary({ env, directory }: RedisNeed): Promise<LocalRedis> {
  const program = await findRedisProgram(env, cacheDirectory(env));
  const server = await startRedisServer(program, { directory, persistent: false, password: '' }, env);
  return { url: server.url, startedByUs: true, stop: () => server.stop() };
}

async function startPersistent({ env, directory }: RedisNeed): Promise<string> {
  const program = await findRedisProgram(env, cacheDirectory(env));
  const password = randomBytes(24).toString('hex');
  const server = await startRedisServer(program, { directory, persistent: true, password }, env);
  await writeServerRecord(directory, { port: server.port, pid: server.pid, password });
  return server.url;
}

/** The last user's leaving ends the server; whoever comes next starts it again on the same data. */
async function leave(directory: string, url: string, user: string): Promise<void> {
  await underLock(directory, async () => {
    if (await removeUser(directory, user) > 0) return;
    // It closes the connection instead of answering SHUTDOWN; or it is gone already.
    await askRedis(url, [['SHUTDOWN']]).catch(() => undefined);
  });
}
