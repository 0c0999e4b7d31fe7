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
 * Gets entries for one consumer. A script takes exactly as many new entries as wanted from all streams together and never
 * blocks; waiting is a plain XREAD, which leases nothing. Behind each wait the script is sent at once, and the server runs
 * it when the wait ends: one round trip for both. All pools share both.
 */
export class EntryReader {
  readonly #streams: readonly string[];
  /** By stream: the index of its pool. */
  readonly #poolOf: readonly number[];
  #reads = 0;
  /** By stream: the id after which there may be news; '' while that is unknown. */
  readonly #waitFrom: string[];
  /** By pool: its last read took fewer entries than it asked for. */
  #isExhausted: boolean[];

  constructor(private readonly options: ReaderOptions) {
    this.#streams = streamsOf(options.pools);
    this.#poolOf = options.pools.flatMap(({ lanes }, pool) => lanes.flat().map(() => pool));
    this.#waitFrom = this.#streams.map(() => '');
    this.#isExhausted = options.pools.map(() => false);
  }

  /** Up to `counts[i]` new entries of pool i; none when there is no news. */
  takeNew(counts: readonly number[]): Promise<Delivery[]> {
    return this.#take(this.options.redis, counts);
  }

  /** Whether the pools that `counts` asks held no more when they were read last: another read would find nothing. */
  isExhausted(counts: readonly number[]): boolean {
    return counts.every((count, pool) => count === 0 || this.#isExhausted[pool]) && this.#waitedBy(counts).every((stream) => this.#waitFrom[stream] !== '');
  }

  /**
   * The same as `takeNew`, as soon as there may be news in the pools that it asks, at the latest after `ms`. The number of
   * free slots must not become smaller meanwhile.
   */
  async takeNext(counts: readonly number[], ms: number): Promise<Delivery[]> {
    const { waiter } = this.options;
    const waited = this.#waitedBy(counts);
    const news = waiter.xread('COUNT', 1, 'BLOCK', Math.max(1, Math.floor(ms)), 'STREAMS', ...waited.map((stream) => this.#streams[stream]!), ...waited.map((stream) => this.#waitFrom[stream]!))
      .then(() => undefined, (error: unknown) => error);
    const deliveries = await this.#take(waiter, counts);
    const failure = await news;
    if (failure !== undefined && deliveries.length === 0) throw failure;
    return deliveries;
  }

  async #take(connection: Redis, counts: readonly number[]): Promise<Delivery[]> {
    const { pools, group, consumer } = this.options;
    const plans = pools.flatMap(({ lanes, usualLane }, index) => {
      const streams = lanes[0]!.length;
      const { firstLane, firstStream } = readPlan(this.#reads, lanes.length, streams);
      return [counts[index]!, lanes.length, streams, usualLane, firstLane, firstStream];
    });
    this.#reads += 1;
    const reply = await readEntries.runPacked(connection, this.#streams, [group, consumer, pools.length, ...plans]);
    const [entries, waitFrom] = reply as [[number, string, string[]][], string[]];
    this.#remember(counts, entries, waitFrom);
    // Not by name: the name that Redis knows may have a prefix.
    return entries.map(([number, id, flat]) => ({ stream: this.#streams[number - 1]!, id, fields: fieldsOf(flat), deliveries: 1 }));
  }

  #remember(counts: readonly number[], entries: readonly (readonly [number, string, string[]])[], waitFrom: readonly string[]): void {
    for (const [index, id] of waitFrom.entries()) if (id !== '') this.#waitFrom[index] = id;
    const left = [...counts];
    for (const [number, id] of entries) {
      this.#waitFrom[number - 1] = id;
      left[this.#poolOf[number - 1]!]! -= 1;
    }
    this.#isExhausted = left.map((count) => count > 0);
  }

  /** Indexes of the streams of the pools that `counts` asks. */
  #waitedBy(counts: readonly number[]): number[] {
    return [...this.#poolOf.keys()].filter((stream) => counts[this.#poolOf[stream]!]! > 0);
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
