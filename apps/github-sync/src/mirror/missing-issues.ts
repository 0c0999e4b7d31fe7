import { Inject, Injectable } from '@nestjs/common';
import { redisKeys } from '@cascade/contracts';
import { fullNameOf, type IssueTracker, type TrackerRepository } from '@cascade/github';
import { redisTime } from '@cascade/streams';
import { Redis } from 'ioredis';
import { memberOf } from '../queue/matters.js';
import { hashWrites, LeaderWrites, type Hand, type LeaderWrite } from '../state/leader-writes.js';
import { SyncSettings } from '../sync-settings.js';
import { TRACKER } from '../tracker-provider.js';

/** How often all issues are listed: a deletion changes no list of changes. */
export const COMPARE_MS = 6 * 3_600_000;
/** Pages of 100 issues; where there are more, nothing is said of those that are missing. */
const MAX_PAGES = 50;
/** Missing issues that are looked for after one comparison; what is gone is not missed again. */
const MAX_MISSING = 200;

/** Issues of work items that are in no list any more, because somebody deleted or moved them, or took the label off. */
@Injectable()
export class MissingIssues {
  constructor(private readonly redis: Redis, private readonly writes: LeaderWrites, private readonly settings: SyncSettings, @Inject(TRACKER) private readonly tracker: IssueTracker) {}

  /** `sinceMs`: how long ago it was done last. */
  async find(hand: Hand, repository: TrackerRepository, sinceMs: number): Promise<void> {
    if (sinceMs < COMPARE_MS) return;
    const name = fullNameOf(repository);
    const known = await this.redis.hgetall(redisKeys.githubNumbers(name)); // before the list: what is created meanwhile is not missed
    const there = await this.listed(hand, repository);
    const missing = there === undefined ? [] : Object.entries(known).filter(([number]) => !there.has(Number(number))).slice(0, MAX_MISSING);
    await this.writes.write(hand, [
      ...missing.map(([, key]): LeaderWrite => ({ operation: 'DUE', key: redisKeys.githubDirty, args: [memberOf({ kind: 'item', key })] })),
      ...hashWrites(redisKeys.githubSweep(name), { compared: await redisTime(this.redis) }),
    ]);
  }

  /** Numbers of all issues with our label; undefined when there are too many. */
  private async listed(hand: Hand, repository: TrackerRepository): Promise<ReadonlySet<number> | undefined> {
    const numbers = new Set<number>();
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const list = await this.tracker.listIssues(repository, { labels: [this.settings.github.label], order: 'created-descending', page }, hand.signal);
      if (list === 'unchanged') return undefined;
      for (const { number } of list.issues) numbers.add(number);
      if (!list.hasMore) return numbers;
    }
    return undefined;
  }
}
