import { join } from 'node:path';
import { Logger, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { GitRepositories } from '@cascade/git';
import { HostConfig } from '@cascade/service-host';
import { GitCommandHandlers } from './git-commands.handlers.js';
import { LiveCascades } from './live-cascades.js';
import { MergeQueueHandlers } from './merge-queue.handlers.js';
import { SandboxedSuiteRunner } from './sandboxed-suite-runner.js';
import { SuiteRunner } from './suite.js';

@Module({
  controllers: [GitCommandHandlers, MergeQueueHandlers],
  providers: [
    {
      provide: GitRepositories,
      inject: [HostConfig],
      useFactory: (config: HostConfig) => new GitRepositories({ cache: join(config.cacheFolder, 'git'), workspaces: config.workspacesFolder }),
    },
    LiveCascades,
    { provide: SuiteRunner, useClass: SandboxedSuiteRunner },
  ],
})
export class GitWorkerModule implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('git-worker');

  constructor(private readonly git: GitRepositories) {}

  /** What a killed worker left half made must not wait until its cascade is cleaned up. */
  async onModuleInit(): Promise<void> {
    const removed = await this.git.workspaces.recover();
    if (removed.length > 0) this.logger.log(`removed ${removed.length} half-made workspaces of an earlier process`);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.git.workspaces.settled();
  }
}
