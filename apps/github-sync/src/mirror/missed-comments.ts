import { Inject, Injectable } from '@nestjs/common';
import { redisKeys } from '@cascade/contracts';
import { fullNameOf, type IssueTracker, type PlacedComment, type TrackerRepository } from '@cascade/github';
import { Redis } from 'ioredis';
import { Partition } from '../partition.js';
import { REMEMBERED_MS } from '../comments.js';
import { memberOf } from '../queue/matters.js';
import { hashWrites, LeaderWrites, type Hand, type LeaderWrite } from '../state/leader-writes.js';
import { SyncSettings } from '../sync-settings.js';
import { TRACKER } from '../tracker-provider.js';
import { OVERLAP_MS } from './overlap.js';

/** Pages of 100 comments of one sweep. */
const MAX_PAGES = 5;

/**
 * Comments of people that nobody heard of: their webhooks got lost. Each that was heard is remembered, so it is looked at
 * once; one that is older than memory is not looked at, however often GitHub lists it.
 */
@Injectable()
export class MissedComments {
  constructor(private readonly redis: Redis, private readonly writes: LeaderWrites, private readonly settings: SyncSettings, private readonly partition: Partition, @Inject(TRACKER) private readonly tracker: IssueTracker) {}

  /** Those since the last sweep, none from before the repository was swept (`begun`). False: there are more. `now`: Unix milliseconds. */
  async find(hand: Hand, repository: TrackerRepository, { begun, now }: { readonly begun: string; readonly now: number }): Promise<boolean> {
    const key = redisKeys.githubSweep(fullNameOf(repository));
    const cursor = await this.redis.hget(key, 'comments') ?? begun;
    const since = new Date(Math.max(Date.parse(cursor) - OVERLAP_MS, Date.parse(begun) - OVERLAP_MS)).toISOString();
    let last = cursor;
    let hasMore = true;
    for (let page = 1; hasMore && page <= MAX_PAGES; page += 1) {
      const list = await this.tracker.listRepositoryComments(repository, { since, page }, hand.signal);
      const oldest = Math.max(Date.parse(since), now - REMEMBERED_MS);
      await this.mark(hand, repository, list.comments.filter((comment) => Date.parse(comment.createdAt) >= oldest && this.settings.marks.commentsIn(comment.body).length === 0));
      last = list.comments.at(-1)?.updatedAt ?? last;
      ({ hasMore } = list);
    }
    await this.writes.write(hand, hashWrites(key, { comments: last }));
    return !hasMore;
  }

  private async mark(hand: Hand, repository: TrackerRepository, people: readonly PlacedComment[]): Promise<void> {
    const comments = await this.concerning(repository, people);
    if (comments.length === 0) return;
    const heard = await this.redis.mget(comments.map(({ id }) => redisKeys.githubHeard(String(id))));
    const dueNow = comments.filter((_, index) => heard[index] === null).map(({ id, number }): LeaderWrite => ({ operation: 'DUE', key: redisKeys.githubAsked, args: [memberOf({ kind: 'comment', repository, number, comment: id })] }));
    if (dueNow.length > 0) await this.writes.write(hand, dueNow);
  }

  /** Where cascades on the repository are started elsewhere, those on issues of this partition's work items. */
  private async concerning(repository: TrackerRepository, comments: readonly PlacedComment[]): Promise<readonly PlacedComment[]> {
    if (comments.length === 0 || await this.partition.starts(repository)) return comments;
    const keys = await this.redis.hmget(redisKeys.githubNumbers(fullNameOf(repository)), ...comments.map(({ number }) => String(number)));
    return comments.filter((_, index) => keys[index] !== null);
  }
}
