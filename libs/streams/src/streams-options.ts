import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { PayloadStore } from './payload-store.js';
import { plainRuns } from './plain-runs.js';
import type { RedisSettings } from './redis-settings.js';
import { defaultRetryTable, type RetryTable } from './retry-table.js';
import type { RunSource } from './run-source.js';

export interface StreamsOptions {
  readonly redis: RedisSettings;
  /** Name of the service and of its consumer group. */
  readonly service: string;
  /** Unique among the running instances; made up unless given. */
  readonly consumer?: string;
  /** Events that are handled at the same time. */
  readonly concurrency?: number;
  /** Commands that are handled at the same time, beside the events, so that a handler may wait for its own service. */
  readonly commandConcurrency?: number;
  /** A claim that nobody renewed for so long is taken over. Renewed every third of it while a handler runs. */
  readonly claimIdleMs?: number;
  /** Deliveries without a result (each was a crash or a stall) before an entry goes to the dead letters. */
  readonly maxDeliveries?: number;
  /** Longest wait for news in one call. */
  readonly blockMs?: number;
  readonly retryDelays?: RetryTable;
  /** Time that handlers get to finish when the server closes, before their signal aborts. */
  readonly drainMs?: number;
  /** Acknowledged entries are kept for so long, for people to look at. */
  readonly retentionMs?: number;
  /** Without one the service's events belong to no cascade: see `plainRuns`. */
  readonly runs?: RunSource;
  /** Where payloads are that are too large for an entry; the same for all services and publishers. Without one they are refused. */
  readonly store?: PayloadStore;
}

export type Settings = Required<Omit<StreamsOptions, 'store'>> & { readonly store: PayloadStore | undefined };

/** How long a reply is kept for a client that asks again after a crash. */
export const REPLY_TTL_MS = 60 * 60 * 1000;
/** After their signal aborted, handlers get this long to stop. */
export const ABORT_GRACE_MS = 3_000;
/** Times that a handler is run again at once because its `expect` did not hold. */
export const MAX_CONFLICT_RERUNS = 20;

export function settingsOf(options: StreamsOptions): Settings {
  const claimIdleMs = options.claimIdleMs ?? 30_000;
  return {
    redis: options.redis,
    service: options.service,
    consumer: options.consumer ?? `${options.service}-${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`,
    concurrency: options.concurrency ?? 8,
    commandConcurrency: options.commandConcurrency ?? 8,
    claimIdleMs,
    maxDeliveries: options.maxDeliveries ?? 5,
    // The loop looks for abandoned entries between two waits.
    blockMs: Math.min(options.blockMs ?? 1_000, Math.ceil(claimIdleMs / 3)),
    retryDelays: options.retryDelays ?? defaultRetryTable,
    drainMs: options.drainMs ?? 10_000,
    retentionMs: options.retentionMs ?? 24 * 60 * 60 * 1000,
    runs: options.runs ?? plainRuns,
    store: options.store,
  };
}
