import type { Redis } from 'ioredis';
import { RedisScript } from './redis-script.js';
import { fieldsOf, type Delivery } from './stream-entry.js';

const readEntries = new RedisScript(new URL('./lua/read-entries.lua', import.meta.url));

interface ReaderOptions {
  /** For everything that answers at once. */
  readonly redis: Redis;
  /** Only for waiting, because a blocked connection can do nothing else. */
  readonly waiter: Redis;
  readonly streams: readonly string[];
  readonly group: string;
  readonly consumer: string;
}

/**
 * Gets entries for one consumer. Reading and waiting are apart: a script takes exactly as many new entries as wanted
 * from all streams together and never blocks; waiting is a plain XREAD, which leases nothing, so a broken wait loses
 * nothing. The script tells where to wait from, in the instant in which it found nothing.
 */
export class EntryReader {
  #rotation = 0;
  #waitFrom: string[] = [];

  constructor(private readonly options: ReaderOptions) {}

  /** Up to `count` new entries; none when there is no news. */
  async takeNew(count: number): Promise<Delivery[]> {
    const { redis, streams, group, consumer } = this.options;
    const reply = await readEntries.run(redis, streams, [group, consumer, count, this.#rotation]);
    const [entries, waitFrom] = reply as [[string, string, string[]][], string[]];
    this.#rotation = (this.#rotation + 1) % streams.length;
    this.#waitFrom = waitFrom;
    return entries.map(([stream, id, flat]) => ({ stream, id, fields: fieldsOf(flat), deliveries: 1 }));
  }

  /** After `takeNew` found nothing: resolves when there may be news, at the latest after `ms`. */
  async waitForNews(ms: number): Promise<void> {
    const { waiter, streams } = this.options;
    await waiter.xread('COUNT', 1, 'BLOCK', Math.max(1, Math.floor(ms)), 'STREAMS', ...streams, ...this.#waitFrom);
  }

  /**
   * Takes over up to `count` entries that nobody renewed for `idleMs`, except those for which `isHeld` says that this
   * consumer is handling them itself (its own renewal was late).
   */
  async takeAbandoned(count: number, idleMs: number, isHeld: (stream: string, id: string) => boolean): Promise<Delivery[]> {
    const taken: Delivery[] = [];
    for (const stream of this.options.streams) {
      if (taken.length < count) taken.push(...await this.#takeAbandonedOf(stream, count - taken.length, idleMs, isHeld));
    }
    return taken;
  }

  async #takeAbandonedOf(stream: string, count: number, idleMs: number, isHeld: (stream: string, id: string) => boolean): Promise<Delivery[]> {
    const { redis, group, consumer } = this.options;
    const taken: Delivery[] = [];
    let cursor = '0-0';
    do {
      // An empty answer with a cursor is normal: Redis looks at ten times COUNT entries per call.
      const reply = (await redis.xautoclaim(stream, group, consumer, idleMs, cursor, 'COUNT', count - taken.length)) as [string, [string, string[] | null][]];
      cursor = reply[0];
      for (const [id, flat] of reply[1]) {
        if (flat === null || isHeld(stream, id)) continue;
        taken.push({ stream, id, fields: fieldsOf(flat), deliveries: await this.#deliveriesOf(stream, id) });
      }
    } while (cursor !== '0-0' && taken.length < count);
    return taken;
  }

  async #deliveriesOf(stream: string, id: string): Promise<number> {
    const reply = (await this.options.redis.xpending(stream, this.options.group, id, id, 1)) as [string, string, number, number][];
    return reply[0]?.[3] ?? 1;
  }
}
