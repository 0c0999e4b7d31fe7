import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { GitRepositories } from '@cascade/git';
import { ExportStore } from '@cascade/service-host';
import { CommitTests } from './commit-tests.js';
import { GitCommandHandlers } from './git-commands.handlers.js';
import { LiveCascades } from './live-cascades.js';
import { MergeQueueHandlers } from './merge-queue.handlers.js';
import { SandboxedSuiteRunner } from './sandboxed-suite-runner.js';
import { SuiteRunner } from './suite.js';

@Module({
  controllers: [GitCommandHandlers, MergeQueueHandlers],
  providers: [LiveCascades, CommitTests, ExportStore, { provide: SuiteRunner, useClass: SandboxedSuiteRunner }],
})
export class GitWorkerModule implements OnApplicationShutdown {
  constructor(private readonly git: GitRepositories) {}

  async onApplicationShutdown(): Promise<void> {
    await this.git.workspaces.settled();
    this.git.close();
  }
}
