import path from 'node:path';
import { terminal } from '@cascade/contracts';
import { ensureBwrap, ensureRedis } from '@cascade/local-runtime';
import { readHostConfig, stateFolder } from '@cascade/service-host';
import { CascadeDirectory, Cascades } from '@cascade/state';
import { createConnection, type RedisSettings } from '@cascade/streams';
import type { Redis } from 'ioredis';
import { screenLogger } from './screen-logger.js';
import type { Screen } from './screen.js';

/** A Redis that answers, for as long as one command runs. */
export interface Place {
  readonly redisUrl: string;
  /** The partition of the data that the command works in. */
  readonly redis: RedisSettings;
  /** The environment for services here: as given, with REDIS_URL. */
  readonly env: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

/** True when services run elsewhere, and this command only publishes and watches. */
export function isRemote(env: NodeJS.ProcessEnv, flag: boolean | undefined): boolean {
  return flag === true || env['CASCADE_DEPLOYMENT'] === 'remote';
}

/**
 * The Redis of REDIS_URL, or the private one below CASCADE_HOME. Throws `CASC_USAGE` for a remote deployment without
 * REDIS_URL, and what `ensureRedis` throws.
 */
export async function openPlace(env: NodeJS.ProcessEnv, remote: boolean): Promise<Place> {
  if (remote && !env['REDIS_URL']) {
    throw terminal('CASC_USAGE', 'A remote deployment is reached through its Redis, and REDIS_URL is not set.', { advice: 'Set REDIS_URL to the Redis of the deployment, or leave --remote out.' });
  }
  const home = env['CASCADE_HOME'] ?? stateFolder();
  const redis = await ensureRedis({ env, directory: path.join(home, 'redis'), persistent: true });
  const here = { ...env, REDIS_URL: redis.url };
  return { redisUrl: redis.url, redis: readHostConfig(here).partitions[0]!, env: here, close: () => redis.stop() };
}

/** Runs `fn` with the Redis that `openPlace` gives, and leaves that Redis as it was found. */
export async function atPlace<T>(env: NodeJS.ProcessEnv, remote: boolean, fn: (place: Place) => Promise<T>): Promise<T> {
  const place = await openPlace(env, remote);
  try {
    return await fn(place);
  } finally {
    await place.close();
  }
}

function partitionsOf(place: Place): readonly Place[] {
  return readHostConfig(place.env).partitions.map((redis) => ({ ...place, redis }));
}

/** Runs `fn` with connections to every partition of the place, in their order. */
export async function withPartitions<T>(place: Place, fn: (connections: readonly Redis[]) => Promise<T>): Promise<T> {
  const connections = partitionsOf(place).map((partition) => createConnection({ ...partition.redis, name: 'cascade-cli', role: 'commands' }));
  for (const redis of connections) redis.on('error', () => undefined); // it connects again by itself
  try {
    return await fn(connections);
  } finally {
    for (const redis of connections) redis.disconnect();
  }
}

/** The place in the partition that knows the cascade; the place as it is when none does. */
export async function placeOf(place: Place, cascadeId: string): Promise<Place> {
  const partitions = partitionsOf(place);
  if (partitions.length === 1) return place;
  const found = await withPartitions(place, async (connections) => connections.indexOf((await new CascadeDirectory(connections).find(cascadeId))?.redis as Redis));
  return partitions[found] ?? place;
}

/** Runs `fn` with the cascades' records in the place's partition. */
export async function withCascades<T>(place: Place, fn: (cascades: Cascades, redis: Redis) => Promise<T>): Promise<T> {
  const redis = createConnection({ ...place.redis, name: 'cascade-cli', role: 'commands' });
  redis.on('error', () => undefined); // it connects again by itself
  try {
    return await fn(new Cascades(redis), redis);
  } finally {
    redis.disconnect();
  }
}

/**
 * Starts all services in this process, unless they run elsewhere. The sandbox program is found first: without it no
 * service is started (`CASC_SANDBOX_UNAVAILABLE`).
 */
export async function startServices(place: Place, remote: boolean, { screen, env }: { readonly screen: Screen; readonly env: NodeJS.ProcessEnv }): Promise<{ stop(): Promise<void> }> {
  if (remote) return { stop: async () => undefined };
  Object.assign(process.env, await ensureBwrap(place.env)); // where the sandbox looks for it
  const { startStandalone } = await import('@cascade/standalone'); // only now: reading commands start faster without it
  return startStandalone(place.env, screenLogger(screen, env));
}
