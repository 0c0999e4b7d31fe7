import type { Redis } from 'ioredis';
import { RedisScript } from './redis-script.js';

const script = new RedisScript(new URL('./lua/trim-acknowledged.lua', import.meta.url));

/** Removes what every group acknowledged and what is older than `retentionMs`. Gives the number of removed entries. */
export async function trimAcknowledged(redis: Redis, streams: readonly string[], retentionMs: number, now: number): Promise<number> {
  const removed = await Promise.all(streams.map((stream) => script.run(redis, [stream], [`${Math.max(0, now - retentionMs)}-0`])));
  return removed.reduce<number>((sum, count) => sum + Number(count), 0);
}
