export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

/** Time as GitHub sees it: real until it is set or moved on. Limits, tokens and `updated_at` go by it. */
export class SettableClock implements Clock {
  #offset = 0;
  #stopped: number | undefined;

  /** @param stoppedAt the time stands still there and moves only by `advance` */
  constructor(stoppedAt?: number) {
    this.#stopped = stoppedAt;
  }

  now(): number {
    return this.#stopped ?? Date.now() + this.#offset;
  }

  advance(ms: number): void {
    if (this.#stopped === undefined) this.#offset += ms;
    else this.#stopped += ms;
  }

  stopAt(time: number): void {
    this.#stopped = time;
  }
}

/** As GitHub writes times: to the second. */
export const instant = (ms: number): string => `${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19)}Z`;
