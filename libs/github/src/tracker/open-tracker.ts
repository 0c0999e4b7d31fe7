import type { Redis } from 'ioredis';
import { GitHubAccess, type AccessOptions } from './github-access.js';
import type { GitHubConfig } from './github-config.js';
import type { IssueTracker, TrackerRepository } from './issue-tracker.js';
import { RedisCreationBudget } from './redis-creation-budget.js';
import { RestTracker } from './rest-tracker.js';

export interface OpenedTracker {
  readonly tracker: IssueTracker;
  /** Milliseconds until `count` more issues, comments or sub-issues are created, at the pace that GitHub allows. */
  timeToCreate(repository: TrackerRepository, count: number): Promise<number>;
  /** Ends what the tracker keeps open. */
  close(): Promise<void>;
}

export interface TrackerOptions extends Omit<AccessOptions, 'budget'> {
  /** Where processes share what they may create; the same for all of them, whichever partition they serve. */
  readonly redis?: Redis;
}

/** The tracker that `config` chooses. Throws `CASC_GITHUB_NOT_CONFIGURED` when there are no credentials. */
export async function openTracker(config: GitHubConfig, { redis, ...options }: TrackerOptions = {}): Promise<OpenedTracker> {
  const access = new GitHubAccess(config, { ...options, budget: redis && new RedisCreationBudget(redis) });
  return {
    tracker: new RestTracker(access),
    timeToCreate: async (repository, count) => await (await access.clientFor(repository)).timeToCreate(count),
    close: async () => undefined,
  };
}
