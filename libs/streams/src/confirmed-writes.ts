import { retryable, streamKeys, terminal, type CascadeError } from '@cascade/messages';
import type { Redis } from 'ioredis';
import { Backoff } from './backoff.js';
import type { Durability } from './redis-settings.js';

/** How long one WAIT may take before trouble is reported and it is asked again. Must be less than the socket's timeout. */
const ASK_MS = 1_000;

interface Options {
  /** Blocked while it waits for replicas: nothing that must go on meanwhile may use it. */
  readonly redis: Redis;
  /** None: the master's answer is enough, and every write is confirmed as soon as it is answered. */
  readonly durability: Durability | undefined;
  /** Ends the asking; what is unconfirmed then is reported as unknown. */
  readonly stopped: AbortSignal;
  readonly onTrouble?: (error: unknown) => void;
  readonly onRecovered?: () => void;
}

/**
 * Reports a write as done only when enough replicas (and disks) have it. One WAIT is under way at a time and serves all
 * that was written before it was sent, so its cost is shared by what is written meanwhile.
 *
 * WAIT speaks of what its own connection has written. Behind a broken connection there may be another master, which
 * lost the write and would still say yes; so a write whose connection broke before it was confirmed is done again. And a
 * connection that wrote nothing is told yes at once; so a mark is written before each WAIT.
 */
export class ConfirmedWrites {
  /** How often the connection was lost. */
  #losses = 0;
  #asking: Promise<unknown> = Promise.resolve();
  #next: Promise<boolean> | undefined;
  #isTroubled = false;
  readonly #backoff: Backoff;

  constructor(private readonly options: Options) {
    this.#backoff = new Backoff(options.stopped);
    options.redis.on('close', () => { this.#losses += 1; });
  }

  /**
   * The result of `write`, which is repeated when it is unknown whether the earlier one survived: it must be idempotent.
   * Throws what `write` throws; `CASC_WRITE_UNCONFIRMED` (retryable) when stopped before the confirmation;
   * `CASC_DURABILITY_UNSUPPORTED` (terminal).
   */
  async confirmed<T>(write: () => Promise<T>): Promise<T> {
    if (this.options.durability === undefined) return write();
    for (;;) {
      const losses = this.#losses;
      const result = await write();
      while (losses === this.#losses) {
        const reached = await this.#reached();
        if (losses !== this.#losses) break; // the answer may be another master's
        if (reached) return result;
      }
      this.#throwIfStopped();
    }
  }

  /** Throws `CASC_DURABILITY_UNSUPPORTED` (terminal) when Redis is too old to be asked; waits for a Redis that is away. */
  async checkSupport(): Promise<void> {
    if (this.options.durability?.disk !== true) return;
    const [known] = (await this.options.redis.command('INFO', 'WAITAOF')) as unknown[];
    if (known == null) throw unsupported('it does not know WAITAOF');
  }

  /** Whether what was written before this call has arrived; joins the next WAIT, not one that is under way. */
  #reached(): Promise<boolean> {
    this.#throwIfStopped();
    this.#next ??= this.#asking.then(() => {
      this.#next = undefined;
      const asked = this.#ask();
      this.#asking = asked.catch(() => undefined);
      return asked;
    });
    return this.#next;
  }

  async #ask(): Promise<boolean> {
    const { redis, durability } = this.options;
    const { replicas, disk } = durability!;
    const pipeline = redis.pipeline().incr(streamKeys.confirmations);
    if (disk) pipeline.call('WAITAOF', 1, replicas, ASK_MS);
    else pipeline.wait(replicas, ASK_MS);
    const [mark, answer] = await pipeline.exec() ?? [];
    const error = mark?.[0] ?? answer?.[0];
    if (error != null) return this.#failed(error);
    const [onDisk, arrived] = disk ? (answer![1] as [number, number]) : [1, Number(answer![1])];
    if (arrived >= replicas && onDisk >= 1) return this.#recovered();
    this.#report(retryable('CASC_WRITE_UNCONFIRMED', `${arrived} of ${replicas} replicas have confirmed what was written${onDisk < 1 ? ', and the disk has not' : ''}.`));
    return false;
  }

  async #failed(error: Error): Promise<false> {
    if (/WAITAOF/.test(error.message) && /unknown command|cannot be used/i.test(error.message)) throw unsupported(error.message);
    this.#report(error);
    await this.#backoff.pause();
    return false;
  }

  #recovered(): true {
    this.#backoff.succeeded();
    if (this.#isTroubled) this.options.onRecovered?.();
    this.#isTroubled = false;
    return true;
  }

  #report(error: unknown): void {
    this.#isTroubled = true;
    if (!this.options.stopped.aborted) this.options.onTrouble?.(error);
  }

  #throwIfStopped(): void {
    if (this.options.stopped.aborted) throw retryable('CASC_WRITE_UNCONFIRMED', 'It was stopped before its replicas had confirmed what it wrote.');
  }
}

const unsupported = (why: string): CascadeError =>
  terminal('CASC_DURABILITY_UNSUPPORTED', `This Redis cannot confirm that writes are on disk: ${why}.`, { advice: 'It takes Redis 7.2 or later with appendonly yes; or ask for replicas only.' });
