import { Injectable } from '@nestjs/common';
import type { TestPlan } from '@cascade/contracts';
import { GitRepositories } from '@cascade/git';
import { SuiteRunner, type SuiteResult } from './suite.js';

/** A commit whose suite is to be run. */
export interface TestedCommit {
  readonly cascadeId: string;
  readonly repositoryId: string;
  /** Names the checkout among those of the cascade. */
  readonly key: string;
  readonly commit: string;
  readonly testPlan: TestPlan;
  readonly fence?: number | undefined;
}

/** Runs suites on commits, each in a workspace of its own that is gone afterwards. */
@Injectable()
export class CommitTests {
  constructor(private readonly git: GitRepositories, private readonly suites: SuiteRunner) {}

  /** Throws what `SuiteRunner.run` and opening a workspace throw; failing tests are a result. */
  async run({ cascadeId, repositoryId, key, commit, testPlan, fence }: TestedCommit, signal: AbortSignal): Promise<SuiteResult> {
    // Not an effect: it is gone before this ends, and what a kill leaves is the clean-up's last sweep.
    try {
      const workspace = await this.git.workspaces.open(cascadeId, repositoryId, key, commit, signal, fence);
      return await this.suites.run(workspace.path, testPlan, signal);
    } finally {
      await this.git.workspaces.closeByKey(cascadeId, key, fence);
    }
  }
}
