import type { Redis } from 'ioredis';
import { isGroupMissing } from './consumer-groups.js';
import { streamsOf, type EntryPool } from './entry-pool.js';
import { readPlan } from './read-plan.js';
import { RedisScript } from './redis-script.js';
import { fieldsOf, type Delivery } from './stream-entry.js';

const readEntries = new RedisScript(new URL('./lua/read-entries.lua', import.meta.url));

interface ReaderOptions {
  /** For everything that answers at once. */
  readonly redis: Redis;
  /** Only for waiting, because a blocked connection can do nothing else. */
  readonly waiter: Redis;
  readonly pools: readonly EntryPool[];
  readonly group: string;
  readonly consumer: string;
}

/**
 * Gets entries for one consumer. Reading and waiting are apart: a script takes exactly as many new entries as wanted
 * from all streams together and never blocks; waiting is a plain XREAD, which leases nothing, so a broken wait loses
 * nothing. The script tells where to wait from, in the instant in which it found nothing. All pools share both.
 */
export class EntryReader {
  readonly #streams: readonly string[];
  #reads = 0;
  #waitFrom: string[] = [];
  /** Id of the connection that waits, while a wait may be ended early. */
  #waiting: Promise<number> | undefined;

  constructor(private readonly options: ReaderOptions) {
    this.#streams = streamsOf(options.pools);
  }

  /** Up to `counts[i]` new entries of pool i; none when there is no news. */
  async takeNew(counts: readonly number[]): Promise<Delivery[]> {
    const { redis, pools, group, consumer } = this.options;
    const plans = pools.flatMap(({ lanes, usualLane }, index) => {
      const streams = lanes[0]!.length;
      const { firstLane, firstStream } = readPlan(this.#reads, lanes.length, streams);
      return [counts[index]!, lanes.length, streams, usualLane, firstLane, firstStream];
    });
    const reply = await readEntries.runPacked(redis, this.#streams, [group, consumer, pools.length, ...plans]);
    const [entries, waitFrom] = reply as [[number, string, string[]][], string[]];
    this.#reads += 1;
    this.#waitFrom = waitFrom;
    // Not by name: the name that Redis knows may have a prefix.
    return entries.map(([number, id, flat]) => ({ stream: this.#streams[number - 1]!, id, fields: fieldsOf(flat), deliveries: 1 }));
  }

  /**
   * After `takeNew` found nothing: resolves when there may be news in the pools that it asked, at the latest after `ms`.
   * `interruptible` says that `interrupt` may be called meanwhile.
   */
  async waitForNews(ms: number, interruptible: boolean): Promise<void> {
    const { waiter } = this.options;
    const waited = this.#streams.filter((_, index) => this.#waitFrom[index] !== '');
    if (interruptible) {
      this.#waiting = waiter.client('ID');
      this.#waiting.catch(() => undefined);
    }
    try {
      await waiter.xread('COUNT', 1, 'BLOCK', Math.max(1, Math.floor(ms)), 'STREAMS', ...waited, ...this.#waitFrom.filter((id) => id !== ''));
    } finally {
      this.#waiting = undefined;
    }
  }

  /** Ends a wait early, as well as it can be done: what is not ended ends by itself. */
  interrupt(): void {
    if (this.#waiting === undefined) return;
    this.#waiting.then((id) => this.options.redis.client('UNBLOCK', id)).catch(() => undefined);
    this.#waiting = undefined;
  }

  /**
   * Takes over up to `count` entries of a pool that nobody renewed for `idleMs`, except those for which `isHeld` says
   * that this consumer is handling them itself (its own renewal was late).
   */
  async takeAbandoned(pool: EntryPool, count: number, idleMs: number, isHeld: (stream: string, id: string) => boolean): Promise<Delivery[]> {
    const taken: Delivery[] = [];
    for (const [lane, streams] of pool.lanes.entries()) {
      for (const stream of streams) {
        if (taken.length >= count) return taken;
        taken.push(...await this.#takeAbandonedOf(stream, count - taken.length, idleMs, isHeld).catch((error: unknown) => {
          if (lane !== pool.usualLane && isGroupMissing(error)) return []; // nobody has used this lane
          throw error;
        }));
      }
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
