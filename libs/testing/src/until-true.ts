import { setTimeout as delay } from 'node:timers/promises';

const LOOK_AGAIN_MS = 10;

/**
 * Waits until a condition holds, for what no event tells. Looks every 10 ms; throws with `what` when it does not hold
 * within `timeoutMs`, so that a failing test says what it waited for.
 */
export async function untilTrue(condition: () => boolean | Promise<boolean>, what: string, timeoutMs = 120_000): Promise<void> {
  const until = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > until) throw new NeverTrueError(`waited ${timeoutMs} ms for: ${what}`);
    await delay(LOOK_AGAIN_MS);
  }
}

export class NeverTrueError extends Error {
  override readonly name = 'NeverTrueError';
}
