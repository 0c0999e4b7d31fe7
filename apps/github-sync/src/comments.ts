import { Inject, Injectable } from '@nestjs/common';
import { redisKeys, retryable } from '@cascade/contracts';
import type { IssueAddress, IssueTracker } from '@cascade/github';
import { redisTime } from '@cascade/streams';
import { Redis } from 'ioredis';
import { isRefusal } from './refusals.js';
import { hashWrites, LeaderWrites, type Hand } from './state/leader-writes.js';
import { SyncSettings } from './sync-settings.js';
import { TRACKER } from './tracker-provider.js';

/** How long a comment of ours is remembered: longer than any event about what it says comes again. 60 days. */
export const REMEMBERED_MS = 60 * 24 * 3_600_000;
/** GitHub's bound of a comment. */
const MAX_COMMENT = 65_536;
/** Clocks of GitHub and Redis may differ by so much when the comments of an attempt are looked for. */
const CLOCK_SLACK_MS = 5 * 60_000;

/**
 * Comments that Cascade writes, each exactly once. Its marker says which one it is. Before a comment is written, Redis
 * notes that it was begun; one that was begun and of which no id is known (the process died, or the answer got lost) is
 * looked for by its marker before it is written again.
 */
@Injectable()
export class Comments {
  constructor(private readonly redis: Redis, private readonly writes: LeaderWrites, private readonly settings: SyncSettings, @Inject(TRACKER) private readonly tracker: IssueTracker) {}

  async isWritten(marker: string): Promise<boolean> {
    return await this.redis.hexists(redisKeys.githubComment(marker), 'id') === 1;
  }

  /** The comment's id. Throws `CASC_GITHUB_UNCONFIRMED` (retryable) while it may still turn up, and what the tracker throws. */
  async ensure(hand: Hand, address: IssueAddress, marker: string, text: string): Promise<number> {
    const key = redisKeys.githubComment(marker);
    const [id, begunAt] = await this.redis.hmget(key, 'id', 'begun_at');
    if (typeof id === 'string') return Number(id);
    const found = typeof begunAt === 'string' ? await this.find(hand, address, marker, Number(begunAt)) : undefined;
    if (found === undefined) await this.note(hand, key, { begun_at: await redisTime(this.redis) });
    const comment = found ?? await this.create(hand, address, marker, text);
    await this.note(hand, key, { id: comment });
    return comment;
  }

  private async create(hand: Hand, address: IssueAddress, marker: string, text: string): Promise<number> {
    try {
      return (await this.tracker.createComment(address, this.body(marker, text), hand.signal)).id;
    } catch (error) {
      if (isRefusal(error)) await this.writes.write(hand, [{ operation: 'DEL', key: redisKeys.githubComment(marker), args: [] }]);
      throw error;
    }
  }

  private async find(hand: Hand, address: IssueAddress, marker: string, begunAt: number): Promise<number | undefined> {
    const comments = await this.tracker.listComments(address, { since: new Date(begunAt - CLOCK_SLACK_MS).toISOString(), signal: hand.signal });
    const found = comments.find(({ body }) => this.settings.marks.commentsIn(body).includes(marker));
    if (found === undefined && await redisTime(this.redis) - begunAt < this.settings.times.lookForMs) {
      throw retryable('CASC_GITHUB_UNCONFIRMED', `It is not known yet whether a comment on #${address.number} was written.`);
    }
    return found?.id;
  }

  private body(marker: string, text: string): string {
    const mark = `\n\n${this.settings.marks.comment(marker)}`;
    return `${text.slice(0, MAX_COMMENT - mark.length)}${mark}`;
  }

  private async note(hand: Hand, key: string, fields: Record<string, number>): Promise<void> {
    await this.writes.write(hand, [...hashWrites(key, fields), { operation: 'PEXPIRE', key, args: [String(REMEMBERED_MS)] }]);
  }
}
