import type { Redis } from 'ioredis';
import { RedisScript } from './redis-script.js';
import { fieldsOf } from './stream-entry.js';

const removeScript = new RedisScript(new URL('./lua/remove-consumer.lua', import.meta.url));

/**
 * Makes the group on every stream, and the streams themselves. At the beginning (`0`), never at the end: what was
 * published before a service ran for the first time is work for it too.
 */
export async function ensureGroups(redis: Redis, streams: readonly string[], group: string): Promise<void> {
  await Promise.all(streams.map(async (stream) => {
    try {
      await redis.xgroup('CREATE', stream, group, '0', 'MKSTREAM');
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('BUSYGROUP')) throw error;
    }
  }));
}

/** The stream or the group was deleted beneath us, e.g. by FLUSHALL. */
export function isGroupMissing(error: unknown): boolean {
  return error instanceof Error && /^(NOGROUP|UNBLOCKED)|requires the key to exist|no such key/i.test(error.message);
}

/** Takes a consumer's name out of a group unless entries are pending for it. */
export async function removeConsumer(redis: Redis, stream: string, group: string, consumer: string): Promise<void> {
  await removeScript.run(redis, [stream], [group, consumer]);
}

/** Names of processes that are gone would pile up; a living one that is removed by mistake comes back with its next read. */
export async function removeGoneConsumers(redis: Redis, stream: string, group: string, idleMs: number): Promise<void> {
  const consumers = (await redis.xinfo('CONSUMERS', stream, group).catch((error: unknown) => {
    if (isGroupMissing(error)) return []; // a lane that nobody has used, or whatever was deleted: there are no names
    throw error;
  })) as (string | number)[][];
  for (const info of consumers) {
    const { name, pending, idle } = fieldsOf<string | number>(info) as { name: string; pending: number; idle: number };
    if (pending === 0 && idle > idleMs) await removeConsumer(redis, stream, group, name);
  }
}
