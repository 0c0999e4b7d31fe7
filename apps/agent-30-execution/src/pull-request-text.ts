import { Injectable } from '@nestjs/common';
import { redisKeys, type CascadeSummary, type Run } from '@cascade/contracts';
import { Cascades } from '@cascade/state';
import { Redis } from 'ioredis';
import type { GraphState } from './graph-state.js';
import { MessageWriter } from './message-writer.js';

/** What a pull request of the result says first; for repositories that can have one. */
@Injectable()
export class PullRequestText {
  constructor(private readonly redis: Redis, private readonly cascades: Cascades, private readonly messages: MessageWriter) {}

  /** Undefined for a repository on this machine that is linked to no other. */
  async write({ plan }: GraphState, run: Run, step: string): Promise<CascadeSummary['pullRequest']> {
    const isWanted = await run.step(`${step}/wanted`, () => this.hasPullRequests(run.cascadeId));
    if (!isWanted) return undefined;
    return await this.messages.pullRequest(run, step, {
      request: plan.project.request, title: plan.epic.title, goal: plan.epic.goal,
      stories: plan.stories.map((story) => `${story.id} ${story.title}: as ${story.asA}, I want ${story.iWant}, so that ${story.soThat}`),
    });
  }

  private async hasPullRequests(cascadeId: string): Promise<boolean> {
    const address = (await this.cascades.find(cascadeId))?.repository ?? '';
    return /^(?:https?|ssh):\/\/|^[\w.-]+@[\w.-]+:/.test(address) || await this.redis.hexists(redisKeys.githubRepositories, address) === 1;
  }
}
