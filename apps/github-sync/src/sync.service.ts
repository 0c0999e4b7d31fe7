import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { parseWorkItemKey, redisKeys } from '@cascade/contracts';
import { repositoryNamed } from '@cascade/github';
import { Leadership } from '@cascade/state';
import { PeriodicTask } from '@cascade/streams';
import { Redis } from 'ioredis';
import { Conversation } from './conversation/conversation.js';
import { GitHubQuestions } from './conversation/questions.js';
import { Endings } from './mirror/endings.js';
import { FoundIssues } from './mirror/found-issues.js';
import { ItemStore } from './mirror/item-store.js';
import { Mirror } from './mirror/mirror.js';
import { Sweep } from './mirror/sweep.js';
import { PullRequests } from './pull/pull-requests.js';
import { Lane } from './queue/lane.js';
import { MatterQueue } from './queue/matter-queue.js';
import { queueOf } from './queue/due.js';
import { matterOf, memberOf, type Matter } from './queue/matters.js';
import type { Hand } from './state/leader-writes.js';
import { SyncSettings } from './sync-settings.js';

/** Most repositories that are swept. */
const MAX_SWEPT = 1_000;
const MAX_UNPARKED = 10_000;

/** The leader's work: two lanes, so that a person who asks something does not wait behind a thousand issues to create. */
@Injectable()
export class SyncService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly lanes: readonly Lane[];
  private readonly sweeps: PeriodicTask;

  constructor(
    private readonly redis: Redis, leadership: Leadership, private readonly settings: SyncSettings, private readonly items: ItemStore, private readonly mirror: Mirror, private readonly found: FoundIssues,
    private readonly endings: Endings, private readonly pulls: PullRequests, private readonly sweep: Sweep, private readonly questions: GitHubQuestions, private readonly conversation: Conversation,
  ) {
    const lane = (key: ConstructorParameters<typeof MatterQueue>[1]): Lane => new Lane(new MatterQueue(redis, key), leadership, (matter, hand) => this.perform(matter, hand), settings.times.retryMs);
    this.lanes = [lane(redisKeys.githubDirty), lane(redisKeys.githubAsked)];
    this.sweeps = new PeriodicTask(() => this.planSweeps(), () => undefined);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.unpark();
    for (const lane of this.lanes) lane.start();
    this.sweeps.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.sweeps.stop();
    await Promise.all(this.lanes.map((lane) => lane.stop()));
  }

  private async perform(matter: Matter, hand: Hand): Promise<void> {
    switch (matter.kind) {
      case 'item': return this.item(hand, matter.key);
      case 'issue': return this.found.settle(hand, matter.repository, matter.number);
      case 'ending': return this.endings.settle(hand, matter.cascadeId);
      case 'pull': return this.pulls.settle(hand, matter.cascadeId);
      case 'sweep': return this.sweep.settle(hand, matter.repository);
      case 'question': return this.questions.tell(hand, matter.cascadeId, matter.name);
      case 'comment': return this.conversation.heard(hand, matter.repository, matter.number, matter.comment);
      case 'label': return this.conversation.labelled(hand, matter.repository, matter.number, matter.login, matter.delivery);
    }
  }

  private async item(hand: Hand, key: string): Promise<void> {
    const hadIssue = (await this.items.read(key))?.record.issue !== undefined;
    await this.mirror.reconcile(hand, key);
    const stored = hadIssue || parseWorkItemKey(key)?.kind !== 'epic' ? undefined : await this.items.read(key);
    if (stored?.record.issue !== undefined) await this.questions.tellAll(hand, stored.record.cascadeId);
  }

  /** What was given up is tried again when the service starts: its permissions may have been put right. */
  private async unpark(): Promise<void> {
    const matters = (await this.redis.hkeys(redisKeys.githubParked)).slice(0, MAX_UNPARKED).map(matterOf).filter((matter) => matter !== undefined);
    for (const matter of matters) await this.redis.zadd(queueOf(matter), 'NX', Date.now(), memberOf(matter));
  }

  /** Any process may do this: a repository that is due already stays so. */
  private async planSweeps(): Promise<number> {
    const names = (await this.redis.smembers(redisKeys.githubMirrored)).slice(0, MAX_SWEPT);
    for (const repository of names.map(repositoryNamed)) {
      if (repository !== undefined) await this.redis.zadd(redisKeys.githubDirty, 'NX', Date.now(), memberOf({ kind: 'sweep', repository }));
    }
    return this.settings.github.sweepMinutes * 60_000;
  }
}
