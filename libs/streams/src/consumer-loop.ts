import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { Backoff } from './backoff.js';
import { Claims } from './claims.js';
import { ensureGroups, isGroupMissing, removeConsumer } from './consumer-groups.js';
import { streamsOf, usualStreamsOf, type EntryPool } from './entry-pool.js';
import { EntryReader } from './entry-reader.js';
import { takeLostEntries } from './lost-entries.js';
import { ABORT_GRACE_MS } from './streams-options.js';
import type { Delivery } from './stream-entry.js';
import { WaitingConnection } from './waiting-connection.js';

export interface LoopOptions {
  readonly redis: Redis;
  readonly waiter: Redis;
  readonly pools: readonly EntryPool[];
  readonly group: string;
  readonly consumer: string;
  readonly claimIdleMs: number;
  readonly blockMs: number;
  /** Something is out of order and will be tried again. */
  readonly onTrouble: (error: unknown) => void;
  /** What was out of order works again. */
  readonly onRecovered: () => void;
  /** Redis answered: a round was done, or claims were renewed while all slots are taken. */
  readonly onSign: () => void;
}

/** Most entries of one pool in one read, whatever the concurrency: it bounds what one reply holds in memory and how long Redis is busy with it. */
const MAX_READ = 256;

type State = 'new' | 'running' | 'recovering' | 'draining' | 'closed';
const transitions: Readonly<Record<State, readonly State[]>> = {
  new: ['running', 'closed'],
  running: ['recovering', 'draining'],
  recovering: ['running', 'draining'],
  draining: ['closed'],
  closed: [],
};

/** A pool with what this consumer handles of it now. */
interface RunningPool {
  readonly pool: EntryPool;
  readonly claims: Claims;
}

/**
 * Reads entries of some pools for one consumer and keeps them going until each is handled.
 *
 * - `new`: nothing is connected. `start` makes the groups and goes to `running`.
 * - `running`: one round after the other, each of them alone, so that reading and taking over never compete for the same
 *   slots. A round waits for a free slot of any pool; when it is time, it takes over abandoned entries, and when a reply
 *   may have been lost, what it leased; it takes new entries, as many as slots are free, unless the last read had them
 *   all; if there was nothing it waits for news and takes them, on one connection for all pools.
 *   A pool without a free slot is not waited for: its next free slot ends the wait. Handlers run beside the rounds and
 *   are never awaited by them. A timer renews the claims of what is being handled every third of the claim limit.
 * - `recovering`: a round failed. Missing groups are made again at once; anything else (no connection, loading, a demoted
 *   master) is waited for with growing pauses. Handlers go on. Back to `running` with the next round that succeeds.
 * - `draining`: no more rounds. Handlers get time to finish, then their signal aborts (by the caller), then what they
 *   still hold is handed back so that another instance takes it at once.
 * - `closed`: nothing is held or renewed any more.
 */
export class ConsumerLoop {
  #state: State = 'new';
  readonly #stop = new AbortController();
  readonly #pools: readonly RunningPool[];
  readonly #poolOf = new Map<string, RunningPool>();
  readonly #reader: EntryReader;
  readonly #waiting: WaitingConnection;
  readonly #backoff = new Backoff(this.#stop.signal);
  #rounds: Promise<void> = Promise.resolve();
  #renewal: NodeJS.Timeout | undefined;
  #nextTakeover = 0;
  #slotFreed: (() => void) | undefined;

  constructor(private readonly options: LoopOptions) {
    const { redis, group, consumer } = options;
    this.#pools = options.pools.map((pool) => ({ pool, claims: new Claims(redis, group, consumer, pool.slots, () => this.#onFreed()) }));
    for (const running of this.#pools) for (const stream of running.pool.lanes.flat()) this.#poolOf.set(stream, running);
    this.#reader = new EntryReader(options);
    this.#waiting = new WaitingConnection(options);
    this.#stop.signal.addEventListener('abort', () => this.#slotFreed?.(), { once: true });
  }

  /** Resolves when the groups exist: what is published from now on is handled. */
  async start(): Promise<void> {
    await ensureGroups(this.options.redis, usualStreamsOf(this.options.pools), this.options.group);
    this.#moveTo('running');
    const renew = (): void => this.#pools.filter(({ claims }) => !claims.isEmpty).forEach(({ claims }) => {
      claims.renew().then(this.options.onSign, (error: unknown) => this.options.onTrouble(error));
    });
    this.#renewal = setInterval(renew, this.options.claimIdleMs / 3);
    this.#rounds = this.#run();
  }

  /** Stops reading and waits up to `drainMs` for handlers; then calls `abort` and waits a little longer. */
  async close(drainMs: number, abort: () => void): Promise<void> {
    this.#stop.abort();
    this.#moveTo(this.#state === 'new' ? 'closed' : 'draining');
    await this.#waiting.close();
    if (this.#state === 'closed') return;
    if (!await this.#idleWithin(drainMs)) {
      abort();
      await this.#idleWithin(ABORT_GRACE_MS);
    }
    clearInterval(this.#renewal);
    await this.#leave().catch((error: unknown) => this.options.onTrouble(error));
    this.#moveTo('closed');
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#round();
        this.#backoff.succeeded();
        this.options.onSign();
        this.#recovered();
      } catch (error) {
        if (!this.#stop.signal.aborted) await this.#recover(error);
      }
    }
  }

  async #round(): Promise<void> {
    await this.#whenFree();
    if (this.#stop.signal.aborted) return;
    const takenOver = await this.#takeover() + await this.#takeLost();
    const counts = this.#pools.map(({ claims }) => Math.min(claims.free, MAX_READ));
    if (counts.every((count) => count === 0)) return;
    if (!this.#reader.isExhausted(counts)) {
      const taken = this.#begin(await this.#reader.takeNew(counts));
      if (takenOver + taken > 0 || this.#isFreedSince(counts)) return;
    }
    if (this.#stop.signal.aborted) return;
    const begun = this.#begin(await this.#waiting.during(() => this.#reader.takeNext(counts, this.options.blockMs), counts.includes(0)));
    if (begun > 0) await nextTurn(); // what has come is handled before the next wait is sent
  }

  /** A pool that was left out of the read has a free slot by now. */
  #isFreedSince(counts: readonly number[]): boolean {
    return this.#pools.some(({ claims }, index) => counts[index] === 0 && claims.free > 0);
  }

  async #whenFree(): Promise<void> {
    if (this.#stop.signal.aborted || this.#pools.some(({ claims }) => claims.free > 0)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#slotFreed = resolve;
    await promise;
    this.#slotFreed = undefined;
  }

  #onFreed(): void {
    this.#slotFreed?.();
    this.#waiting.interrupt();
  }

  async #takeover(): Promise<number> {
    if (Date.now() < this.#nextTakeover) return 0;
    let begun = 0;
    for (const { pool, claims } of this.#pools) {
      const isHeld = (stream: string, id: string): boolean => claims.has(stream, id);
      begun += this.#begin(await this.#reader.takeAbandoned(pool, Math.min(claims.free, MAX_READ), this.options.claimIdleMs, isHeld));
    }
    this.#nextTakeover = Date.now() + this.options.claimIdleMs / 3;
    return begun;
  }

  /** Looked for in every round while in doubt, and once more when nothing can come any more. */
  async #takeLost(): Promise<number> {
    const { doubt } = this.#waiting;
    if (doubt === undefined) return 0;
    const isLast = performance.now() > doubt.untilMs;
    let begun = 0;
    for (const { pool, claims } of this.#pools) {
      begun += this.#begin(await takeLostEntries(this.options, pool, Math.min(claims.free, MAX_READ), (stream) => claims.idsOf(stream)));
    }
    if (isLast && this.#pools.every(({ claims }) => claims.free > 0)) this.#waiting.trust(doubt);
    return begun;
  }

  #begin(deliveries: readonly Delivery[]): number {
    for (const delivery of deliveries) {
      const { pool, claims } = this.#poolOf.get(delivery.stream)!;
      claims.hold(delivery, () => this.#handle(pool, claims, delivery));
    }
    return deliveries.length;
  }

  async #handle(pool: EntryPool, claims: Claims, delivery: Delivery): Promise<void> {
    try {
      if (await pool.handle(delivery) === 'left') await claims.release(delivery);
    } catch (error) {
      this.options.onTrouble(error);
    }
  }

  #recovered(): void {
    if (this.#state !== 'recovering') return;
    this.#moveTo('running');
    this.options.onRecovered();
  }

  async #recover(error: unknown): Promise<void> {
    if (this.#state === 'running') this.#moveTo('recovering');
    this.options.onTrouble(error);
    await this.#backoff.pause();
    if (!isGroupMissing(error) || this.#stop.signal.aborted) return;
    await ensureGroups(this.options.redis, usualStreamsOf(this.options.pools), this.options.group).catch((failure: unknown) => this.options.onTrouble(failure));
  }

  /** Bounded, because a round or a commit may be waiting for a Redis that does not come back. */
  async #idleWithin(ms: number): Promise<boolean> {
    const { promise: late, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), ms);
    const idle = this.#rounds.then(() => Promise.all(this.#pools.map(({ claims }) => claims.whenEmpty()))).then(() => true);
    const result = await Promise.race([idle, late]);
    clearTimeout(timer);
    return result;
  }

  /** Without a connection there is nothing to hand back by: the claims run out by themselves. */
  async #leave(): Promise<void> {
    const { redis, pools, group, consumer } = this.options;
    if (redis.status !== 'ready') return;
    await Promise.all(this.#pools.map(({ claims }) => claims.releaseAll()));
    await Promise.all(streamsOf(pools).map((stream) => removeConsumer(redis, stream, group, consumer)));
  }

  #moveTo(next: State): void {
    if (!transitions[this.#state].includes(next)) {
      throw new TypeError(`A consumer loop cannot go from ${this.#state} to ${next}.`);
    }
    this.#state = next;
  }
}
