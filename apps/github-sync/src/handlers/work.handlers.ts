import { Controller } from '@nestjs/common';
import {
  cascadeCancelled, cascadeCompleted, cascadeFailed, cascadeTimedOut, inputRequested, redisKeys, storyVerified, workItemChanged,
  type CascadeEvent, type EventOf, type Outcome, type StateWrite,
} from '@cascade/contracts';
import { nothing, OnEvent, outcome } from '@cascade/streams';
import { Redis } from 'ioredis';
import { LinkedRepositories } from '../linked-repositories.js';
import { due } from '../queue/due.js';
import { SOURCE } from '../state/leader-writes.js';

/** Hears of what changes here, and notes what is to be looked at. Talks to GitHub never: whoever is slow there holds up no stream. */
@Controller()
export class WorkHandlers {
  constructor(private readonly redis: Redis, private readonly linked: LinkedRepositories) {}

  @OnEvent(workItemChanged)
  async changed({ cascadeId, source, data: { key } }: EventOf<typeof workItemChanged>): Promise<Outcome> {
    if (source === SOURCE || !await this.isLinked(cascadeId)) return nothing();
    const item = { key: redisKeys.githubItem(key), fields: { cascade_id: cascadeId }, indexIn: redisKeys.githubItems(cascadeId) };
    return outcome({ save: [item, due({ kind: 'item', key })] });
  }

  @OnEvent(storyVerified)
  async verified(event: EventOf<typeof storyVerified>): Promise<Outcome> {
    const { project, storyId, gate, integrationSha } = event.data;
    if (!await this.isLinked(event.cascadeId)) return nothing();
    return outcome({ save: pullWrites(event.cascadeId, {
      repository_id: project.repositoryId, base: project.branch, branch: `cascade/${project.epicId}-${project.epicName}`,
      [`verified:${storyId}`]: JSON.stringify({ gate, sha: integrationSha, at: event.time }),
    }) });
  }

  @OnEvent(cascadeCompleted)
  completed(event: EventOf<typeof cascadeCompleted>): Promise<Outcome> {
    return this.ended(event, { completed: JSON.stringify(event.data.summary) });
  }

  @OnEvent(cascadeFailed)
  failed(event: EventOf<typeof cascadeFailed>): Promise<Outcome> {
    return this.ended(event);
  }

  @OnEvent(cascadeTimedOut)
  timedOut(event: EventOf<typeof cascadeTimedOut>): Promise<Outcome> {
    return this.ended(event);
  }

  @OnEvent(cascadeCancelled)
  cancelled(event: EventOf<typeof cascadeCancelled>): Promise<Outcome> {
    return this.ended(event);
  }

  @OnEvent(inputRequested)
  async asked(event: EventOf<typeof inputRequested>): Promise<Outcome> {
    return await this.isLinked(event.cascadeId) ? outcome({ save: [due({ kind: 'question', cascadeId: event.cascadeId, name: event.data.name })] }) : nothing();
  }

  /** A cascade that ended before any tier accepted it has no record: that it ended is then known by its request alone. */
  private async ended({ cascadeId, type }: CascadeEvent, pull?: Readonly<Record<string, string>>): Promise<Outcome> {
    const isRequested = await this.isRequested(cascadeId);
    if (!isRequested && await this.linked.ofCascade(cascadeId) === undefined) return nothing();
    const request: StateWrite[] = isRequested ? [{ key: redisKeys.githubRequest(cascadeId), fields: { ended: type } }] : [];
    return outcome({ save: [...request, ...(pull === undefined ? [] : pullWrites(cascadeId, pull)), due({ kind: 'ending', cascadeId })] });
  }

  private async isLinked(cascadeId: string): Promise<boolean> {
    return await this.isRequested(cascadeId) || await this.linked.ofCascade(cascadeId) !== undefined;
  }

  private async isRequested(cascadeId: string): Promise<boolean> {
    return await this.redis.exists(redisKeys.githubRequest(cascadeId)) === 1;
  }
}

const pullWrites = (cascadeId: string, fields: Readonly<Record<string, string>>): StateWrite[] => [{ key: redisKeys.githubPull(cascadeId), fields }, due({ kind: 'pull', cascadeId })];
