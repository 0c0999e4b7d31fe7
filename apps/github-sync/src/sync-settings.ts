import { Marks, openTracker, type GitHubConfig, type OpenedTracker } from '@cascade/github';
import type { Redis } from 'ioredis';
import { RETRY_MS } from './queue/lane.js';

/** How this process syncs; shared by its partitions. */
export class SyncSettings {
  readonly marks: Marks;

  constructor(
    readonly github: GitHubConfig,
    readonly times: SyncTimes = defaultTimes,
    readonly open: (config: GitHubConfig, redis: Redis) => Promise<OpenedTracker> = (config, redis) => openTracker(config, { redis }),
  ) {
    this.marks = new Marks(github.markerSecret?.reveal() ?? '');
  }
}

export interface SyncTimes {
  /** How long a thing whose creation was not confirmed is looked for before it is created again, in milliseconds. */
  readonly lookForMs: number;
  /** Waits before another attempt; after these a matter is parked. */
  readonly retryMs: readonly number[];
  /** How long a webhook's matter waits for the ones that come with it: a create alone causes several. */
  readonly gatherMs: number;
}

/** GitHub's lists were seen to lag by 8 minutes; nearly always they are current. */
export const defaultTimes: SyncTimes = { lookForMs: 10 * 60_000, retryMs: RETRY_MS, gatherMs: 2_000 };
