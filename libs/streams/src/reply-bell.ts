import type { Redis } from 'ioredis';

/** Everybody who waits looks again after this long even without a bell: a message of pub/sub may be lost. */
const LOOK_AGAIN_MS = 2_000;

export interface Ring {
  /** Resolves at the next ring, reconnection, or look-again time after this call. */
  next(): Promise<void>;
  close(): void;
}

/** Tells waiters of many channels apart on one subscribed connection. It only wakes; what happened has to be looked up. */
export class ReplyBell {
  readonly #waiters = new Map<string, Set<() => void>>();
  readonly #listeners = new Map<string, number>();

  /** Rings come from scripts whose keys, channels too, have it; ioredis adds it to keys but not to channels. */
  readonly #prefix: string;

  constructor(private readonly redis: Redis) {
    this.#prefix = String(redis.options.keyPrefix ?? '');
    redis.on('error', () => undefined);
    redis.on('message', (channel) => this.#ring(channel.slice(this.#prefix.length)));
    redis.on('ready', () => void this.#listenAgain());
  }

  /** Begins to listen; resolves when no ring can be missed any more, or at the look-again time when Redis is away. */
  async listen(channel: string): Promise<Ring> {
    this.#listeners.set(channel, (this.#listeners.get(channel) ?? 0) + 1);
    const ready = this.redis.subscribe(this.#prefix + channel).then(() => undefined, () => undefined);
    await Promise.race([ready, this.#wakeAfter(LOOK_AGAIN_MS)]);
    return { next: () => this.#next(channel), close: () => this.#forget(channel) };
  }

  close(): void {
    this.redis.disconnect();
  }

  async #next(channel: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiters = this.#waiters.get(channel) ?? new Set();
    waiters.add(resolve);
    this.#waiters.set(channel, waiters);
    await Promise.race([promise, this.#wakeAfter(LOOK_AGAIN_MS)]);
    waiters.delete(resolve);
  }

  /** What rang while the connection was down was not heard, so all look once more. */
  async #listenAgain(): Promise<void> {
    const channels = [...this.#listeners.keys()].map((channel) => this.#prefix + channel);
    if (channels.length > 0) await this.redis.subscribe(...channels).catch(() => undefined); // lost again, which leads to another `ready`, or closed
    for (const channel of this.#waiters.keys()) this.#ring(channel);
  }

  #ring(channel: string): void {
    for (const wake of this.#waiters.get(channel) ?? []) wake();
  }

  #wakeAfter(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, ms).unref();
    return promise;
  }

  #forget(channel: string): void {
    const left = (this.#listeners.get(channel) ?? 1) - 1;
    if (left > 0) return void this.#listeners.set(channel, left);
    this.#listeners.delete(channel);
    this.#waiters.delete(channel);
    if (this.redis.status === 'ready') this.redis.unsubscribe(this.#prefix + channel).catch(() => undefined);
  }
}
