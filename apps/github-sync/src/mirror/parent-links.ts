import { Inject, Injectable } from '@nestjs/common';
import { isCascadeError, parseWorkItemKey, redisKeys, type WorkItemKey } from '@cascade/contracts';
import type { IssueAddress, IssueTracker } from '@cascade/github';
import { Redis } from 'ioredis';
import type { Hand } from '../state/leader-writes.js';
import { TRACKER } from '../tracker-provider.js';
import { IssueMaker, type Made } from './issue-maker.js';
import { ItemStore } from './item-store.js';

/** Instead of a parent's node id: GitHub refused the link (100 sub-issues, another parent by hand), and it is left so. */
const REFUSED = 'refused';

/** Epics have stories, and stories tasks and assessments, as sub-issues; an epic belongs to the issue that asked for it. */
@Injectable()
export class ParentLinks {
  constructor(private readonly redis: Redis, private readonly items: ItemStore, private readonly maker: IssueMaker, @Inject(TRACKER) private readonly tracker: IssueTracker) {}

  /** Creates the parent's issue first where there is none. */
  async ensure(hand: Hand, key: string, { mapped }: Made): Promise<void> {
    const stored = await this.items.read(key);
    if (stored === undefined || stored.record.parent !== undefined || !this.tracker.capabilities.subIssues) return;
    const parent = await this.parentOf(hand, key, stored.record.cascadeId);
    if (parent === undefined) return;
    const link = await this.link(hand, parent, mapped);
    await this.items.save(hand, key, { parent: link });
  }

  private async link({ signal }: Hand, parent: IssueAddress & { readonly nodeId: string }, child: Made['mapped']): Promise<string> {
    try {
      await this.tracker.addSubIssue(parent, child, signal);
      return parent.nodeId;
    } catch (error) {
      if (isCascadeError(error) && ['CASC_GITHUB_INVALID', 'CASC_GITHUB_NOT_FOUND', 'CASC_GITHUB_FORBIDDEN'].includes(error.code)) return REFUSED;
      throw error;
    }
  }

  private async parentOf(hand: Hand, key: string, cascadeId: string): Promise<(IssueAddress & { readonly nodeId: string }) | undefined> {
    const parts = parseWorkItemKey(key);
    if (parts === undefined) return undefined;
    if (parts.kind === 'epic') return this.request(cascadeId);
    const siblings = (await this.items.ofCascade(cascadeId)).map((sibling) => ({ sibling, parts: parseWorkItemKey(sibling) }));
    const isEpic = (one: WorkItemKey | undefined): boolean => one?.kind === 'epic';
    const isStory = (one: WorkItemKey | undefined): boolean => one?.kind === 'story' && one.storyId === storyIdOf(parts);
    const found = (parts.kind === 'story' ? undefined : siblings.find((one) => isStory(one.parts))) ?? siblings.find((one) => isEpic(one.parts));
    return found === undefined ? undefined : (await this.maker.ensure(hand, found.sibling))?.mapped;
  }

  private async request(cascadeId: string): Promise<(IssueAddress & { readonly nodeId: string }) | undefined> {
    const [owner, name, number, nodeId] = await this.redis.hmget(redisKeys.githubRequest(cascadeId), 'owner', 'repo', 'number', 'node_id');
    if (!owner || !name || !number || !nodeId) return undefined;
    return { repository: { owner, name }, number: Number(number), nodeId };
  }
}

/** An assessment's id is its story's and what it is, e.g. `1.2.risk`. */
const storyIdOf = (parts: WorkItemKey): string | undefined =>
  parts.kind === 'task' ? parts.storyId : parts.kind === 'qa-assessment' ? parts.id.split('.').slice(0, 2).join('.') : undefined;
