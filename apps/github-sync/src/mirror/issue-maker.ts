import { Inject, Injectable, Logger } from '@nestjs/common';
import { redisKeys, retryable } from '@cascade/contracts';
import { newIssue, noRecord, type Issue, type IssueTracker, type TrackerRepository } from '@cascade/github';
import { redisTime } from '@cascade/streams';
import { Redis } from 'ioredis';
import { LinkedRepositories } from '../linked-repositories.js';
import { memberOf } from '../queue/matters.js';
import { isRefusal } from '../refusals.js';
import type { Hand } from '../state/leader-writes.js';
import { SyncSettings } from '../sync-settings.js';
import { TRACKER } from '../tracker-provider.js';
import { badEndings, type Mapped } from './item-record.js';
import { ItemStore, type StoredItem } from './item-store.js';
import { LabelMaker } from './label-maker.js';
import { MarkerIndex } from './marker-index.js';

export interface Made {
  readonly mapped: Mapped;
  /** As it is now, when this call created or found it. */
  readonly issue: Issue | undefined;
}

/**
 * Gives a work item its one issue. Redis knows it (first), or its marker does (second): before a create an attempt is
 * noted, and one that was begun and not mapped is looked for among the newest issues before anything is created again.
 */
@Injectable()
export class IssueMaker {
  private readonly logger = new Logger('github-sync');
  private me: Promise<string> | undefined;

  constructor(
    private readonly redis: Redis,
    private readonly items: ItemStore,
    private readonly index: MarkerIndex,
    private readonly linked: LinkedRepositories,
    private readonly labels: LabelMaker,
    private readonly settings: SyncSettings,
    @Inject(TRACKER) private readonly tracker: IssueTracker,
  ) {}

  /** undefined for what is not mirrored. Throws `CASC_GITHUB_UNCONFIRMED` (retryable) while an issue may still turn up, and what the tracker throws. */
  async ensure(hand: Hand, key: string): Promise<Made | undefined> {
    const stored = await this.items.read(key);
    if (stored === undefined) return undefined;
    if (stored.record.issue !== undefined) return { mapped: stored.record.issue, issue: undefined };
    const repository = await this.linked.ofCascade(stored.record.cascadeId);
    if (repository === undefined) return undefined;
    const found = await this.find(hand, repository, stored);
    if (found !== undefined) return this.mapped(found);
    return await this.isAbandoned(stored) ? undefined : this.mapped(await this.create(hand, repository, stored));
  }

  /** An issue that somebody else told of, by our marker in it. */
  async adopt(hand: Hand, issue: Issue): Promise<void> {
    const [key, ...others] = this.settings.marks.issuesIn(issue.body);
    const stored = key === undefined || others.length > 0 ? undefined : await this.items.read(key);
    if (stored === undefined || stored.record.issue !== undefined || issue.author !== await this.whoAmI(hand)) return;
    await this.items.map(hand, stored, issue, stored.record.outbox === undefined ? noRecord : stored.record.sync);
    await this.markDue(stored.key);
  }

  /** What was never begun on GitHub does not begin after an end without a result. */
  private async isAbandoned({ record }: StoredItem): Promise<boolean> {
    const state = record.ending ?? await this.redis.hget(redisKeys.cascade(record.cascadeId), 'state');
    return badEndings.some((ending) => ending === state);
  }

  private mapped(issue: Issue): Made {
    return { mapped: { repository: issue.repository, number: issue.number, id: issue.id, nodeId: issue.nodeId }, issue };
  }

  private async find(hand: Hand, repository: TrackerRepository, stored: StoredItem): Promise<Issue | undefined> {
    const { outbox, sync } = stored.record;
    const all = await (outbox === undefined ? this.index.known(hand, repository, stored.key) : this.index.newest(hand, repository, stored.key));
    const me = all.length === 0 ? '' : await this.whoAmI(hand);
    const [first, ...doubles] = all.filter((issue) => issue.author === me); // people copy bodies
    if (first !== undefined) {
      await this.items.map(hand, stored, first, outbox === undefined ? noRecord : sync);
      for (const double of doubles) await this.closeDouble(hand, double, first);
      return first;
    }
    if (outbox !== undefined && await redisTime(this.redis) - outbox < this.settings.times.lookForMs) {
      throw retryable('CASC_GITHUB_UNCONFIRMED', `It is not known yet whether the issue of ${stored.key} was created.`);
    }
    return undefined;
  }

  private async create(hand: Hand, repository: TrackerRepository, stored: StoredItem): Promise<Issue> {
    await this.labels.ensure(hand, repository);
    const wanted = newIssue(stored.row, this.settings.marks, { label: this.settings.github.label });
    await this.items.save(hand, stored.key, { cascade_id: stored.record.cascadeId, outbox: await redisTime(this.redis), sync: JSON.stringify(wanted.before) });
    const issue = await this.tracker.createIssue(repository, wanted.fields, hand.signal).catch(async (error: unknown) => {
      if (isRefusal(error)) await this.items.save(hand, stored.key, { outbox: undefined });
      throw error;
    });
    await this.items.map(hand, stored, issue, wanted.after);
    return issue;
  }

  /** Two creates of one work item got through after all, as may happen when a list lags: the older one stays. */
  private async closeDouble(hand: Hand, double: Issue, first: Issue): Promise<void> {
    this.logger.warn(`#${double.number} is the same as #${first.number}, and is closed as its duplicate`);
    if (double.state === 'open') await this.tracker.updateIssue(double, { state: 'closed', stateReason: 'duplicate' }, hand.signal);
  }

  private whoAmI({ signal }: Hand): Promise<string> {
    this.me ??= this.tracker.whoAmI(signal);
    this.me.catch(() => (this.me = undefined));
    return this.me;
  }

  private async markDue(key: string): Promise<void> {
    await this.redis.zadd(redisKeys.githubDirty, Date.now(), memberOf({ kind: 'item', key }));
  }
}
