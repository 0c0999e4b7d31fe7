import type { Redis } from 'ioredis';
import { Backoff } from './backoff.js';
import { Claims } from './claims.js';
import { ensureGroups, isGroupMissing, removeConsumer } from './consumer-groups.js';
import { EntryReader } from './entry-reader.js';
import { ABORT_GRACE_MS } from './streams-options.js';
import type { Delivery } from './stream-entry.js';

/**
 * Handles one entry: `ended` when it is acknowledged, `left` when another instance has to take it at once because this one
 * stops. A rejection leaves it pending until its claim runs out.
 */
export type Handle = (delivery: Delivery) => Promise<'ended' | 'left'>;

export interface LoopOptions {
  readonly redis: Redis;
  readonly waiter: Redis;
  readonly streams: readonly string[];
  readonly group: string;
  readonly consumer: string;
  readonly concurrency: number;
  readonly claimIdleMs: number;
  readonly blockMs: number;
  readonly handle: Handle;
  /** Something is out of order and will be tried again. */
  readonly onTrouble: (error: unknown) => void;
  /** What was out of order works again. */
  readonly onRecovered: () => void;
}

/** Most entries in one read, whatever the concurrency: a payload has up to half a megabyte. */
const MAX_READ = 64;

type State = 'new' | 'running' | 'recovering' | 'draining' | 'closed';
const transitions: Readonly<Record<State, readonly State[]>> = {
  new: ['running', 'closed'],
  running: ['recovering', 'draining'],
  recovering: ['running', 'draining'],
  draining: ['closed'],
  closed: [],
};

/**
 * Reads entries of some streams for one consumer and keeps them going until each is handled.
 *
 * - `new`: nothing is connected. `start` makes the groups and goes to `running`.
 * - `running`: one round after the other, each of them alone, so that reading and taking over never compete for the same
 *   slots. A round waits for a free slot; when it is time, it takes over abandoned entries; it takes new entries, as many
 *   as slots are free; if there was nothing at all it waits for news. Handlers run beside the rounds and are never
 *   awaited by them. A timer renews the claims of what is being handled every third of the claim limit.
 * - `recovering`: a round failed. Missing groups are made again at once; anything else (no connection, loading, a demoted
 *   master) is waited for with growing pauses. Handlers go on. Back to `running` with the next round that succeeds.
 * - `draining`: no more rounds. Handlers get time to finish, then their signal aborts (by the caller), then what they
 *   still hold is handed back so that another instance takes it at once.
 * - `closed`: nothing is held or renewed any more.
 */
export class ConsumerLoop {
  #state: State = 'new';
  readonly #stop = new AbortController();
  readonly #claims: Claims;
  readonly #reader: EntryReader;
  readonly #backoff = new Backoff(this.#stop.signal);
  #rounds: Promise<void> = Promise.resolve();
  #renewal: NodeJS.Timeout | undefined;
  #nextTakeover = 0;

  constructor(private readonly options: LoopOptions) {
    this.#claims = new Claims(options.redis, options.group, options.consumer, options.concurrency);
    this.#reader = new EntryReader(options);
  }

  /** Resolves when the groups exist: what is published from now on is handled. */
  async start(): Promise<void> {
    await ensureGroups(this.options.redis, this.options.streams, this.options.group);
    this.#moveTo('running');
    const renew = (): void => void this.#claims.renew().catch((error: unknown) => this.options.onTrouble(error));
    this.#renewal = setInterval(renew, this.options.claimIdleMs / 3);
    this.#rounds = this.#run();
  }

  /** Stops reading and waits up to `drainMs` for handlers; then calls `abort` and waits a little longer. */
  async close(drainMs: number, abort: () => void): Promise<void> {
    this.#stop.abort();
    this.options.waiter.disconnect(); // once: ioredis holds the process for two seconds after a second time
    if (this.#state === 'new') return this.#moveTo('closed');
    this.#moveTo('draining');
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
        this.#recovered();
      } catch (error) {
        if (!this.#stop.signal.aborted) await this.#recover(error);
      }
    }
  }

  async #round(): Promise<void> {
    await this.#claims.whenFree(this.#stop.signal);
    if (this.#stop.signal.aborted) return;
    const taken = [...await this.#takeover(), ...await this.#takeNew()];
    if (taken.length === 0 && this.#claims.free > 0) await this.#reader.waitForNews(this.options.blockMs);
  }

  async #takeover(): Promise<Delivery[]> {
    if (Date.now() < this.#nextTakeover) return [];
    const isHeld = (stream: string, id: string): boolean => this.#claims.has(stream, id);
    const abandoned = await this.#reader.takeAbandoned(Math.min(this.#claims.free, MAX_READ), this.options.claimIdleMs, isHeld);
    this.#nextTakeover = Date.now() + this.options.claimIdleMs / 3;
    return this.#begin(abandoned);
  }

  async #takeNew(): Promise<Delivery[]> {
    return this.#claims.free > 0 ? this.#begin(await this.#reader.takeNew(Math.min(this.#claims.free, MAX_READ))) : [];
  }

  #begin(deliveries: Delivery[]): Delivery[] {
    for (const delivery of deliveries) {
      this.#claims.hold(delivery, () => this.#handle(delivery).catch((error: unknown) => this.options.onTrouble(error)));
    }
    return deliveries;
  }

  async #handle(delivery: Delivery): Promise<void> {
    if (await this.options.handle(delivery) === 'left') await this.#claims.release(delivery);
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
    await ensureGroups(this.options.redis, this.options.streams, this.options.group).catch((failure: unknown) => this.options.onTrouble(failure));
  }

  /** Bounded, because a round or a commit may be waiting for a Redis that does not come back. */
  async #idleWithin(ms: number): Promise<boolean> {
    const { promise: late, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), ms);
    const idle = this.#rounds.then(() => this.#claims.whenEmpty()).then(() => true);
    const result = await Promise.race([idle, late]);
    clearTimeout(timer);
    return result;
  }

  /** Without a connection there is nothing to hand back by: the claims run out by themselves. */
  async #leave(): Promise<void> {
    const { redis, streams, group, consumer } = this.options;
    if (redis.status !== 'ready') return;
    await this.#claims.releaseAll();
    await Promise.all(streams.map((stream) => removeConsumer(redis, stream, group, consumer)));
  }

  #moveTo(next: State): void {
    if (!transitions[this.#state].includes(next)) {
      throw new TypeError(`A consumer loop cannot go from ${this.#state} to ${next}.`);
    }
    this.#state = next;
  }
}
