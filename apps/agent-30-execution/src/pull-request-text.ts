import { Injectable } from '@nestjs/common';
import type { CascadeSummary, Run } from '@cascade/contracts';
import type { GraphState } from './graph-state.js';
import { HostedRepository } from './hosted-repository.js';
import { MessageWriter } from './message-writer.js';

/** What a pull request of the result says first; for repositories that can have one. */
@Injectable()
export class PullRequestText {
  constructor(private readonly hosted: HostedRepository, private readonly messages: MessageWriter) {}

  /** Undefined for a repository on this machine that is linked to no other. */
  async write({ plan }: GraphState, run: Run, step: string): Promise<CascadeSummary['pullRequest']> {
    if (await run.step(`${step}/hosted`, () => this.hosted.find(run.cascadeId)) === null) return undefined;
    return await this.messages.pullRequest(run, step, {
      request: plan.project.request, title: plan.epic.title, goal: plan.epic.goal,
      stories: plan.stories.map((story) => `${story.id} ${story.title}: as ${story.asA}, I want ${story.iWant}, so that ${story.soThat}`),
    });
  }
}
