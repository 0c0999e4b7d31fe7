import { Injectable } from '@nestjs/common';
import { gitCommit, gitPublishBranch, gitReadFiles, type Effect, type Run } from '@cascade/contracts';
import { CommandClient } from '@cascade/streams';
import type { Plan } from './graph-state.js';

const MAX_READ_BYTES = 1_000_000;

/**
 * The integration branch of a cascade, as the scheduler uses it. Every call is a step whose name holds the graph's
 * version: a handler that runs again after another event was faster must see the branch anew, one that runs again
 * after a crash must not.
 */
@Injectable()
export class IntegrationBranch {
  constructor(private readonly commands: CommandClient) {}

  /** Its newest commit: a commit of nothing gives the tip. */
  async tip(plan: Plan, run: Run, step: string): Promise<string> {
    return (await this.commit(plan, run, step, 'chore: read the tip', [])).sha;
  }

  async read(plan: Plan, run: Run, step: string, commit: string, paths: string[]): Promise<Map<string, string>> {
    const reply = await run.step(step, () => this.commands.send(gitReadFiles, { repositoryId: plan.project.repositoryId, commit, paths, maxBytes: MAX_READ_BYTES }, { key: step, cascadeId: run.cascadeId, signal: run.signal }));
    return new Map(reply.files.map((file) => [file.path, file.text]));
  }

  /** Commits whole files; the same files again change nothing. */
  async commit(plan: Plan, run: Run, step: string, subject: string, files: { path: string; content: string }[]): Promise<{ sha: string }> {
    return run.step(step, () => this.commands.send(gitCommit, {
      cascadeId: run.cascadeId, repositoryId: plan.project.repositoryId, target: { kind: 'integration' }, files, subject, body: '', trailers: [{ name: 'Cascade-Id', value: run.cascadeId }],
    }, { key: step, cascadeId: run.cascadeId, signal: run.signal }));
  }

  /** Puts the result into the user's repository; the name that it got there. */
  async publish(plan: Plan, run: Run, commit: string, branch: string): Promise<string> {
    const { repositoryId } = plan.project;
    const effect = { kind: 'git.branch', key: branch, undo: { repositoryId, commit } } satisfies Effect;
    const reply = await run.effect(effect, () => this.commands.send(gitPublishBranch, { cascadeId: run.cascadeId, repositoryId, commit, branch }, { key: 'publish', cascadeId: run.cascadeId, signal: run.signal }));
    return reply.branch;
  }
}
