import type { Redis } from 'ioredis';
import { isCascadeError, retryable, terminal } from '@cascade/messages';
import { Backoff } from './backoff.js';
import { encodeJobs, type CommitJob, type CommitResult } from './commit-job.js';
import { countPublished } from './count-published.js';
import { ConfirmedWrites } from './confirmed-writes.js';
import { isPassingTrouble } from './redis-connection.js';
import { RedisScript } from './redis-script.js';

const script = new RedisScript(new URL('./lua/commit-outcomes.lua', import.meta.url));
/** Most outcomes in one script call; Redis serves nobody else meanwhile. */
const MAX_BATCH = 64;

interface Waiting {
  readonly job: CommitJob;
  resolve(result: CommitResult): void;
  reject(error: unknown): void;
}

/**
 * Commits outcomes in micro-batches: all that wait are sent at once, and what finishes until they are answered goes
 * together after them, so that batches grow with the load and a lone outcome waits for nobody.
 *
 * While Redis is out of order (full, loading, demoted) it tries again until `stopped` aborts. Repeating a batch whose
 * answer got lost is harmless: what was committed before is answered with `dropped`.
 *
 * In the durable mode a batch is answered when replicas have it. Until then its handlers keep their slots, so that no
 * more is read than can be made sure of.
 */
export class Committer {
  /** Keys of the streams that outcomes were published on: somebody has to trim those that nobody reads. */
  readonly published = new Set<string>();
  #queue: Waiting[] = [];
  #flushing = false;
  readonly #backoff: Backoff;

  constructor(private readonly redis: Redis, private readonly writes: ConfirmedWrites, private readonly stopped: AbortSignal) {
    this.#backoff = new Backoff(stopped);
  }

  /** One that is not durable, for what commits without a server. */
  static on(redis: Redis, stopped: AbortSignal): Committer {
    return new Committer(redis, new ConfirmedWrites({ redis, durability: undefined, stopped }), stopped);
  }

  /** Throws `CASC_COMMIT_REFUSED` (terminal) when a key holds another type, `CASC_COMMIT_FAILED` (retryable) otherwise. */
  commit(job: CommitJob): Promise<CommitResult> {
    for (const write of job.writes) if (write.operation === 'XADD') this.published.add(write.key);
    return new Promise((resolve, reject) => {
      this.#queue.push({ job, resolve, reject });
      void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    if (this.#flushing) return;
    this.#flushing = true;
    await Promise.resolve(); // lets handlers that finished in the same turn come along
    while (this.#queue.length > 0) {
      const batches: Promise<void>[] = [];
      while (this.#queue.length > 0) batches.push(this.#commitBatch(this.#queue.splice(0, MAX_BATCH)));
      await Promise.all(batches);
    }
    this.#flushing = false;
  }

  async #commitBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await this.#run(batch.map((waiting) => waiting.job));
      batch.forEach((waiting, index) => settle(waiting, results[index] ?? ''));
    } catch (error) {
      // One job that Redis cannot digest must not take the others with it.
      if (batch.length > 1) for (const waiting of batch) await this.#commitBatch([waiting]);
      else batch[0]!.reject(isCascadeError(error) ? error : retryable('CASC_COMMIT_FAILED', `Redis did not take an outcome: ${(error as Error).message}`, { cause: error }));
    }
  }

  async #run(jobs: readonly CommitJob[]): Promise<string[]> {
    const { keys, args } = encodeJobs(jobs);
    for (;;) {
      try {
        const results = (await this.writes.confirmed(() => script.runPacked(this.redis, keys, args))) as string[];
        this.#backoff.succeeded();
        return results;
      } catch (error) {
        if (this.stopped.aborted || !isPassingTrouble(error)) throw error;
        await this.#backoff.pause();
      }
    }
  }
}

function settle(waiting: Waiting, result: string): void {
  if (result === 'committed') for (const write of waiting.job.writes) if (write.operation === 'XADD') countPublished(write.key);
  if (result === 'committed' || result === 'dropped' || result === 'fenced' || result === 'conflict') return waiting.resolve(result);
  waiting.reject(terminal('CASC_COMMIT_REFUSED', `Redis did not take an outcome: ${result.replace(/^refused /, '')}.`));
}
