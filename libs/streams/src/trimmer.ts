import type { Redis } from 'ioredis';
import { RedisScript } from './redis-script.js';
import type { StreamOrigin } from './service-streams.js';

const script = new RedisScript(new URL('./lua/trim-acknowledged.lua', import.meta.url));

/** Removes what every group acknowledged and what is older than `retentionMs`. Gives the number of removed entries. */
export async function trimAcknowledged(redis: Redis, streams: ReadonlyMap<string, Pick<StreamOrigin, 'usual'>>, retentionMs: number, now: number): Promise<number> {
  const oldest = `${Math.max(0, now - retentionMs)}-0`;
  const removed = await Promise.all([...streams].map(([stream, { usual }]) => script.run(redis, [stream, usual], [oldest])));
  return removed.reduce<number>((sum, count) => sum + Number(count), 0);
}
