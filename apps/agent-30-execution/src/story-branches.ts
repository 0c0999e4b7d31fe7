import { Injectable, Logger } from '@nestjs/common';
import { gitPushBranch, gitSpreadStory, isCascadeError, type Effect, type ReplyOf, type RequestOf, type Run, type Story } from '@cascade/contracts';
import { HostConfig } from '@cascade/service-host';
import { CommandClient } from '@cascade/streams';
import { resultBranch } from './final-report.js';
import type { GraphState, Plan } from './graph-state.js';
import { HostedRepository } from './hosted-repository.js';

type Unit = RequestOf<typeof gitSpreadStory>['units'][number];
type Branches = ReplyOf<typeof gitSpreadStory>['branches'];

/**
 * Shows a finished story as branches that people can review one by one, where the configuration asks for it and the
 * repository is one that others see. They are an offer beside the result: what goes wrong here is told, and fails nothing.
 */
@Injectable()
export class StoryBranches {
  private readonly logger = new Logger(StoryBranches.name);

  constructor(private readonly commands: CommandClient, private readonly hosted: HostedRepository, private readonly config: HostConfig) {}

  async publish(state: GraphState, story: Story, run: Run): Promise<void> {
    if (this.config.workspaceDriver === 'worktree') return;
    // Not named by the graph's version: a handler that has to decide anew must find the branches that it pushed.
    const step = `story/${story.id}/branches`;
    try {
      const place = await run.step(`${step}/hosted`, () => this.hosted.find(run.cascadeId));
      const units = unitsOf(state, story);
      if (place === null || units.length === 0) return;
      const { branches, driver } = await run.step(`${step}/spread`, () => this.commands.send(gitSpreadStory, {
        cascadeId: run.cascadeId, repositoryId: state.plan.project.repositoryId, storyId: story.id, units,
      }, { key: `${step}/spread`, cascadeId: run.cascadeId, signal: run.signal }));
      for (const branch of branches) await this.push(state.plan, branch, place.remote, run, step);
      await run.progress({ kind: 'artefact', storyId: story.id, text: `story ${story.id} as ${branches.length} ${branches.length === 1 ? 'branch' : 'branches'} to review (${driver}): ${shape(branches)}`.slice(0, 1_000) });
    } catch (error) {
      if (!isCascadeError(error) || error.kind === 'cancelled' || !/^CASC_(?:CHANGES_|STORY_NOT_|GITBUTLER_|BRANCH_|PUSH_|REPOSITORY_|COMMAND_|GIT)/.test(error.code)) throw error;
      this.logger.warn(`story ${story.id} of cascade ${run.cascadeId} is not spread over branches: ${error.code} ${error.message}`);
      await run.progress({ kind: 'notice', text: `story ${story.id} is not spread over branches: ${error.message}`.slice(0, 1_000) });
    }
  }

  private async push({ project: { repositoryId } }: Plan, { branch, sha }: Branches[number], remote: string | undefined, run: Run, step: string): Promise<void> {
    const where = { repositoryId, commit: sha, branch, ...(remote === undefined ? {} : { remote }) };
    const effect = { kind: 'git.push', key: `${branch}@${sha}`, undo: where } satisfies Effect;
    await run.effect(effect, () => this.commands.send(gitPushBranch, { cascadeId: run.cascadeId, ...where }, { key: `${step}/push/${branch}`, cascadeId: run.cascadeId, signal: run.signal }));
  }
}

/** A story's units in the order of the plan, in which each follows what it depends on. */
export function unitsOf(state: GraphState, story: Story): Unit[] {
  const { programs } = state.plan;
  const leads = programs.filter((program) => program.storyId === story.id && state.units[program.task.id]?.commitSha !== undefined);
  const branchOf = (taskId: string): string => `${resultBranch(state)}-story-${story.id.replace('.', '-')}-${taskId.toLowerCase()}`;
  const leadOf = (taskId: string): string | undefined => leads.find((program) => program.task.id === taskId || program.tests.includes(taskId))?.task.id;
  return leads.map((program) => ({
    branch: branchOf(program.task.id), tasks: [...program.tests, program.task.id], commit: state.units[program.task.id]?.commitSha ?? '',
    dependsOn: [...new Set([...program.dependsOn, ...programs.filter(({ task }) => program.tests.includes(task.id)).flatMap(({ dependsOn }) => dependsOn)].flatMap((id) => leadOf(id) ?? []))].filter((id) => id !== program.task.id).map(branchOf),
  }));
}

const shape = (branches: Branches): string => branches.map(({ branch, above }) => (above === undefined ? branch : `${branch} on ${above}`)).join(', ');
