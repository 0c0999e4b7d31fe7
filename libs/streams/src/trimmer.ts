import type { Redis } from 'ioredis';
import { RedisScript } from './redis-script.js';
import type { StreamOrigin } from './service-streams.js';

const script = new RedisScript(new URL('./lua/trim-acknowledged.lua', import.meta.url));

/** How many times longer entries are kept that no group has asked for. */
export const UNREAD_KEPT_TIMES = 30;

/** Removes what every group acknowledged and what is older than `retentionMs`. Gives the number of removed entries. */
export async function trimAcknowledged(redis: Redis, streams: ReadonlyMap<string, Pick<StreamOrigin, 'usual'>>, retentionMs: number, now: number): Promise<number> {
  const bounds = [oldest(now - retentionMs), oldest(now - UNREAD_KEPT_TIMES * retentionMs)];
  const removed = await Promise.all([...streams].map(([stream, { usual }]) => script.run(redis, [stream, usual], bounds)));
  return removed.reduce<number>((sum, count) => sum + Number(count), 0);
}

const oldest = (unixMs: number): string => `${Math.max(0, unixMs)}-0`;
