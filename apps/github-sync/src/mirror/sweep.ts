import { Inject, Injectable } from '@nestjs/common';
import { redisKeys } from '@cascade/contracts';
import { fullNameOf, type Issue, type IssueTracker, type TrackerRepository } from '@cascade/github';
import { redisTime } from '@cascade/streams';
import { Redis } from 'ioredis';
import { queueOf } from '../queue/due.js';
import { memberOf, SWEPT, type Matter } from '../queue/matters.js';
import { Partition } from '../partition.js';
import { hashWrites, LeaderWrites, type Hand, type LeaderWrite } from '../state/leader-writes.js';
import { SyncSettings } from '../sync-settings.js';
import { TRACKER } from '../tracker-provider.js';
import { MissedComments } from './missed-comments.js';
import { OVERLAP_MS } from './overlap.js';
import { MissingIssues } from './missing-issues.js';

/** Pages of 100 issues of one sweep; the next one goes on from there. */
const MAX_PAGES = 20;

/**
 * Finds what webhooks missed. One request asks whether anything in the repository changed since the last sweep; where it
 * did, the issues and comments that changed are looked at. Deletions leave no trace: every few hours all numbers are compared.
 */
@Injectable()
export class Sweep {
  constructor(
    private readonly redis: Redis, private readonly writes: LeaderWrites, private readonly settings: SyncSettings, private readonly partition: Partition,
    private readonly missed: MissedComments, private readonly missing: MissingIssues, @Inject(TRACKER) private readonly tracker: IssueTracker,
  ) {}

  async settle(hand: Hand, repository: TrackerRepository): Promise<void> {
    const key = redisKeys.githubSweep(fullNameOf(repository));
    const now = await redisTime(this.redis);
    const first = { begun: new Date(now).toISOString(), compared: String(now) };
    await this.writes.write(hand, Object.entries(first).map(([field, value]): LeaderWrite => ({ operation: 'HSETNX', key, args: [field, value] })));
    const [cursor, etag, begun, compared] = await this.redis.hmget(key, 'cursor', 'etag', 'begun', 'compared');
    const probe = await this.tracker.listIssues(repository, { order: 'updated-descending', perPage: 1, ...(typeof etag === 'string' ? { etag } : {}) }, hand.signal);
    if (probe !== 'unchanged') {
      const seen = await this.issues(hand, repository, cursor ?? undefined);
      const isHeard = !this.tracker.capabilities.history || await this.missed.find(hand, repository, { begun: begun ?? first.begun, now });
      // Without an ETag, the next sweep goes on where this one had to stop.
      await this.writes.write(hand, hashWrites(key, { cursor: seen.cursor, etag: seen.isComplete && isHeard ? probe.etag : undefined }));
    }
    await this.missing.find(hand, repository, now - Number(compared));
  }

  /** Issues with our label that changed. */
  private async issues(hand: Hand, repository: TrackerRepository, cursor: string | undefined): Promise<{ readonly cursor: string | undefined; readonly isComplete: boolean }> {
    const since = cursor === undefined ? {} : { since: new Date(Date.parse(cursor) - OVERLAP_MS).toISOString() };
    let last = cursor;
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const list = await this.tracker.listIssues(repository, { labels: [this.settings.github.label], order: 'updated-ascending', page, ...since }, hand.signal);
      if (list === 'unchanged') break;
      last = list.issues.at(-1)?.updatedAt ?? last;
      await this.mark(hand, repository, list.issues);
      if (!list.hasMore) return { cursor: last, isComplete: true };
    }
    return { cursor: last, isComplete: false };
  }

  /** Makes due what is to be looked at. */
  private async mark(hand: Hand, repository: TrackerRepository, issues: readonly Issue[]): Promise<void> {
    if (issues.length === 0) return;
    const keys = await this.redis.mget(issues.map((issue) => redisKeys.githubIssue(issue.nodeId)));
    const asks = this.tracker.capabilities.history && await this.partition.starts(repository);
    const matters = issues.flatMap((issue, index): Matter[] => {
      const key = keys[index];
      if (typeof key === 'string') return [{ kind: 'item', key }];
      if (this.settings.marks.issuesIn(issue.body).length > 0) return [{ kind: 'issue', repository: issue.repository, number: issue.number }];
      return asks && issue.state === 'open' ? [{ kind: 'label', repository: issue.repository, number: issue.number, login: '', delivery: SWEPT }] : [];
    });
    await this.writes.write(hand, matters.map((matter): LeaderWrite => ({ operation: 'DUE', key: queueOf(matter), args: [memberOf(matter)] })));
  }
}
