import type { Redis } from 'ioredis';

/** How much later than its BLOCK a wait may end on a server that does not know that the connection is gone. */
const LATE_MS = 1_000;
/** Longest that closing waits for the end of a wait; a healthy Redis needs a millisecond. */
const END_MS = 500;

interface Wait {
  readonly over: Promise<unknown>;
  readonly isInterruptible: boolean;
}

/** The time until which a reply that was lost may still lease entries. */
export interface Doubt {
  readonly untilMs: number;
}

interface Options {
  readonly waiter: Redis;
  /** Asks for the end of a wait, because the connection that waits can do nothing else. */
  readonly redis: Redis;
  /** Longest wait. */
  readonly blockMs: number;
}

/**
 * Keeps watch over the connection on which one wait after the other is under way: ends a wait early, and knows when a
 * reply may have been lost. What was asked is carried out by the server even when nobody is there any more to hear the
 * answer: at most until the wait's own end, when the server does not learn that the connection is gone.
 */
export class WaitingConnection {
  #wait: Wait | undefined;
  #id: Promise<number> | undefined;
  #doubt: Doubt | undefined;

  constructor(private readonly options: Options) {
    options.waiter.on('close', () => {
      this.#id = undefined;
      if (this.#wait !== undefined) this.#doubt = { untilMs: performance.now() + options.blockMs + LATE_MS };
    });
  }

  /** Set from the moment in which a reply may have been lost, until `trust` is called. */
  get doubt(): Doubt | undefined {
    return this.#doubt;
  }

  /** What was lost has been looked for after the doubt's time; another loss meanwhile is another doubt. */
  trust(doubt: Doubt): void {
    if (this.#doubt === doubt) this.#doubt = undefined;
  }

  /** Runs one wait. `isInterruptible` says that `interrupt` may be called meanwhile. */
  async during<T>(wait: () => Promise<T>, isInterruptible: boolean): Promise<T> {
    // In front of the wait, because behind it the answer would come too late.
    this.#id ??= this.options.waiter.client('ID');
    this.#id.catch(() => { this.#id = undefined; });
    const over = wait();
    this.#wait = { over, isInterruptible };
    try {
      return await over;
    } finally {
      this.#wait = undefined;
    }
  }

  /** Ends an interruptible wait early, as well as it can be done: what is not ended ends by itself. */
  interrupt(): void {
    if (this.#wait?.isInterruptible !== true) return;
    this.#wait = { ...this.#wait, isInterruptible: false };
    this.#id?.then((id) => this.options.redis.client('UNBLOCK', id)).catch(() => undefined);
  }

  /** Ends any wait and hangs up after its reply, so that nothing is leased by a reply that nobody hears. */
  async close(): Promise<void> {
    const { waiter, redis } = this.options;
    if (this.#wait !== undefined && waiter.status === 'ready' && redis.status === 'ready') await this.#end(this.#wait);
    waiter.disconnect(); // once: ioredis holds the process for two seconds after a second time
  }

  async #end({ over }: Wait): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, END_MS);
    let isOver = false;
    const ended = Promise.race([late, over.then(() => undefined, () => undefined)]).then(() => { isOver = true; });
    const unblock = async (): Promise<void> => {
      // A wait that has not reached the server yet is not ended by the first try.
      while (!isOver && await this.options.redis.client('UNBLOCK', await this.#id ?? 0) === 0) await new Promise((again) => { setTimeout(again, 2); });
    };
    unblock().catch(() => undefined);
    await ended;
    clearTimeout(timer);
  }
}
