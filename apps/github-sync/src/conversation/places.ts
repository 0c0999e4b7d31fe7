import { Injectable } from '@nestjs/common';
import { parseWorkItemKey, redisKeys } from '@cascade/contracts';
import type { IssueAddress } from '@cascade/github';
import { Redis } from 'ioredis';
import { ItemStore } from '../mirror/item-store.js';

export interface Place extends IssueAddress {
  readonly nodeId: string;
  /** Login of who asked for the cascade there. */
  readonly requester: string | undefined;
}

/** Where people and a cascade speak with each other: the issue that asked for it, else the issue of its epic. */
@Injectable()
export class Places {
  constructor(private readonly redis: Redis, private readonly items: ItemStore) {}

  /** undefined while there is neither. */
  async of(cascadeId: string): Promise<Place | undefined> {
    return await this.request(cascadeId) ?? await this.epic(cascadeId);
  }

  async request(cascadeId: string): Promise<Place | undefined> {
    const [owner, name, number, nodeId, requester] = await this.redis.hmget(redisKeys.githubRequest(cascadeId), 'owner', 'repo', 'number', 'node_id', 'requester');
    if (!owner || !name || !number || !nodeId) return undefined;
    return { repository: { owner, name }, number: Number(number), nodeId, requester: requester ?? undefined };
  }

  async epic(cascadeId: string): Promise<Place | undefined> {
    const key = (await this.items.ofCascade(cascadeId)).find((item) => parseWorkItemKey(item)?.kind === 'epic');
    const issue = key === undefined ? undefined : (await this.items.read(key))?.record.issue;
    return issue === undefined ? undefined : { repository: issue.repository, number: issue.number, nodeId: issue.nodeId, requester: undefined };
  }

  /** The cascade that is spoken of on an issue: the last one that it asked for, or the one of its work item. */
  async cascadeAt(nodeId: string): Promise<string | undefined> {
    const started = await this.redis.hget(redisKeys.githubRuns(nodeId), 'cascade');
    if (started !== null) return started;
    const key = await this.redis.get(redisKeys.githubIssue(nodeId));
    const cascadeId = key === null ? undefined : (await this.items.read(key))?.record.cascadeId;
    return cascadeId === '' ? undefined : cascadeId;
  }
}
