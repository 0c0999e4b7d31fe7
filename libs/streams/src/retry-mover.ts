import type { Redis } from 'ioredis';
import { streamKeys } from '@cascade/messages';
import { RedisScript } from './redis-script.js';
import { lanes, retryStreamsOf } from './stream-lists.js';

const script = new RedisScript(new URL('./lua/move-due-retries.lua', import.meta.url));
const MOST_PER_CALL = 100;
/** How late a retry may be at most: another instance may have put one aside meanwhile. */
const LONGEST_PAUSE_MS = 500;

/**
 * Moves what is due from the delayed set of a service to its retries streams, each into its lane. Any process may do it
 * for any service. Gives the pause until the next call, in milliseconds.
 */
export async function moveDueRetries(redis: Redis, service: string): Promise<number> {
  const keys = [streamKeys.delayed(service), ...retryStreamsOf(service)];
  const [moved, next] = (await script.run(redis, keys, [MOST_PER_CALL, ...lanes])) as [number, number];
  if (moved === MOST_PER_CALL) return 0;
  return next < 0 ? LONGEST_PAUSE_MS : Math.min(Math.max(next, 5), LONGEST_PAUSE_MS);
}
