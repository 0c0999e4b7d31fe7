import { Inject, Injectable } from '@nestjs/common';
import { redisKeys } from '@cascade/contracts';
import { fullNameOf, type Issue, type IssueTracker, type TrackerRepository } from '@cascade/github';
import { Redis } from 'ioredis';
import { memberOf, type Matter } from '../queue/matters.js';
import { hashWrites, LeaderWrites, type Hand, type LeaderWrite } from '../state/leader-writes.js';
import { SyncSettings } from '../sync-settings.js';
import { TRACKER } from '../tracker-provider.js';

/** GitHub's `updated_at` is to the second, and its lists lag: the last stretch is looked at once more. */
const OVERLAP_MS = 2 * 60_000;
/** Pages of 100 issues of one sweep; the next one goes on from there. */
const MAX_PAGES = 20;

/** Finds what webhooks missed: the issues of a repository that changed since the last sweep are due. */
@Injectable()
export class Sweep {
  constructor(private readonly redis: Redis, private readonly writes: LeaderWrites, private readonly settings: SyncSettings, @Inject(TRACKER) private readonly tracker: IssueTracker) {}

  async settle(hand: Hand, repository: TrackerRepository): Promise<void> {
    const key = redisKeys.githubSweep(fullNameOf(repository));
    const [cursor, etag] = await this.redis.hmget(key, 'cursor', 'etag');
    const since = typeof cursor === 'string' ? new Date(Date.parse(cursor) - OVERLAP_MS).toISOString() : undefined;
    let last = cursor ?? undefined;
    let first: string | undefined;
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const list = await this.tracker.listIssues(repository, {
        labels: [this.settings.github.label], order: 'updated-ascending', page, ...(since === undefined ? {} : { since }), ...(page === 1 && typeof etag === 'string' ? { etag } : {}),
      }, hand.signal);
      if (list === 'unchanged') return;
      if (page === 1) first = list.etag;
      last = list.issues.at(-1)?.updatedAt ?? last;
      await this.mark(hand, list.issues);
      if (!list.hasMore) break;
    }
    // The page's ETag belongs to the address with this `since`, so it serves only while the cursor stays.
    await this.writes.write(hand, hashWrites(key, { cursor: last, etag: last === cursor ? first : undefined }));
  }

  private async mark(hand: Hand, issues: readonly Issue[]): Promise<void> {
    if (issues.length === 0) return;
    const keys = await this.redis.mget(issues.map((issue) => redisKeys.githubIssue(issue.nodeId)));
    const matters = issues.flatMap((issue, index): Matter[] => {
      const key = keys[index];
      if (typeof key === 'string') return [{ kind: 'item', key }];
      return this.settings.marks.issuesIn(issue.body).length === 0 ? [] : [{ kind: 'issue', repository: issue.repository, number: issue.number }];
    });
    await this.writes.write(hand, matters.map((matter): LeaderWrite => ({ operation: 'DUE', key: redisKeys.githubDirty, args: [memberOf(matter)] })));
  }
}
