import type { Redis } from 'ioredis';
import { RedisScript } from './redis-script.js';
import type { Delivery } from './stream-entry.js';

const renewScript = new RedisScript(new URL('./lua/renew-claims.lua', import.meta.url));

/** Idle time that makes a handed-back claim look abandoned to everybody at once: 30 days. */
const ABANDONED_MS = 30 * 24 * 60 * 60 * 1000;

/** The entries that this consumer handles now. Renews their claims so that nobody takes them over, and counts free slots. */
export class Claims {
  readonly #held = new Map<string, Delivery>();
  #whenEmpty: (() => void) | undefined;

  /** `onFreed` is told each time that a slot is free again. */
  constructor(private readonly redis: Redis, private readonly group: string, private readonly consumer: string, private readonly slots: number, private readonly onFreed: () => void) {}

  get isEmpty(): boolean {
    return this.#held.size === 0;
  }

  get free(): number {
    return this.slots - this.#held.size;
  }

  has(stream: string, id: string): boolean {
    return this.#held.has(keyOf(stream, id));
  }

  /** Ids of what is held of one stream. */
  idsOf(stream: string): string[] {
    return [...this.#held.values()].filter((delivery) => delivery.stream === stream).map(({ id }) => id);
  }

  /** Holds a delivery while `work` runs. `work` must not reject. */
  hold(delivery: Delivery, work: () => Promise<void>): void {
    const key = keyOf(delivery.stream, delivery.id);
    this.#held.set(key, delivery);
    void work().then(() => {
      this.#held.delete(key);
      if (this.#held.size === 0) this.#whenEmpty?.();
      this.onFreed();
    });
  }

  /** Resolves when nothing is held any more; only the last caller is told. */
  async whenEmpty(): Promise<void> {
    if (this.#held.size > 0) await new Promise<void>((resolve) => { this.#whenEmpty = resolve; });
  }

  /** Resets the idle time of everything held, except what another consumer took over while this process was frozen. */
  async renew(): Promise<void> {
    await Promise.all([...this.#byStream()].map(([stream, held]) =>
      renewScript.run(this.redis, [stream], [this.group, this.consumer, ...held.map(({ id }) => id)])));
  }

  /** Hands everything held to whoever looks for abandoned entries next. */
  async releaseAll(): Promise<void> {
    await Promise.all([...this.#held.values()].map((delivery) => this.release(delivery)));
  }

  /** Makes an entry look abandoned; that we stopped does not count as a delivery. */
  async release({ stream, id, deliveries }: Delivery): Promise<void> {
    await this.redis.xclaim(stream, this.group, this.consumer, 0, id, 'IDLE', ABANDONED_MS, 'RETRYCOUNT', deliveries - 1, 'JUSTID');
  }

  #byStream(): Map<string, Delivery[]> {
    const streams = new Map<string, Delivery[]>();
    for (const delivery of this.#held.values()) {
      const list = streams.get(delivery.stream) ?? [];
      list.push(delivery);
      streams.set(delivery.stream, list);
    }
    return streams;
  }
}

const keyOf = (stream: string, id: string): string => `${stream} ${id}`;
