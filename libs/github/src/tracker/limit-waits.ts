import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from './error-codes.js';

/** A longer wait is the caller's: it can do something else meanwhile. GitHub's primary limits last an hour at most. */
const MAX_LIMIT_WAIT_MS = 15 * 60_000;
/** A limit that is still there after so many waits is no limit that goes away. */
const MAX_LIMIT_WAITS = 5;

/** Resolves after `ms`, or rejects when the signal aborts. */
export type Pause = (ms: number, signal: AbortSignal | undefined) => Promise<unknown>;

export const pause: Pause = (ms, signal) => sleep(ms, undefined, signal ? { signal } : {});

/** What `work` gives, tried again after each wait that `CASC_GITHUB_LIMITED` asks for; ends with `signal`. */
export async function afterLimits<T>(work: () => Promise<T>, signal: AbortSignal | undefined, wait: Pause = pause): Promise<T> {
  for (let waits = 0; ; waits += 1) {
    try {
      return await work();
    } catch (error) {
      if (!hasCode(error, ['CASC_GITHUB_LIMITED']) || error.retryAfterMs === undefined || error.retryAfterMs > MAX_LIMIT_WAIT_MS || waits === MAX_LIMIT_WAITS) throw error;
      // An abort is told by `work`, which begins with it.
      await wait(error.retryAfterMs, signal).catch(() => undefined);
    }
  }
}
