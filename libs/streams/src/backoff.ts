import { setTimeout as sleep } from 'node:timers/promises';

/** Pauses that double up to a cap, until something succeeded. A pause ends early when `signal` aborts. */
export class Backoff {
  #attempt = 0;

  constructor(private readonly signal: AbortSignal, private readonly firstMs = 50, private readonly maxMs = 5_000) {}

  async pause(): Promise<void> {
    const ms = Math.min(this.firstMs * 2 ** this.#attempt, this.maxMs);
    this.#attempt += 1;
    await sleep(ms, undefined, { signal: this.signal }).catch(() => undefined);
  }

  succeeded(): void {
    this.#attempt = 0;
  }
}
