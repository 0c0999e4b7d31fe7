import { Controller, Module, type Type } from '@nestjs/common';
import { gitPushBranch, type ReplyOf, type RequestOf } from '@cascade/contracts';
import { startService, type RunningService } from '@cascade/service-host';
import { OnCommand } from '@cascade/streams';
import { REPOSITORY, type SyncWorld } from './sync-world.js';

export interface GitStandIn {
  /** What it was asked to push. */
  readonly pushed: RequestOf<typeof gitPushBranch>[];
  stop(): Promise<void>;
}

/** Stands where git-worker stands: what it is asked to push shows up on the fake GitHub as a commit on that branch. */
export async function startGitStandIn(world: SyncWorld): Promise<GitStandIn> {
  const pushed: RequestOf<typeof gitPushBranch>[] = [];
  @Controller()
  class GitHandlers {
    @OnCommand(gitPushBranch)
    async push(request: RequestOf<typeof gitPushBranch>): Promise<ReplyOf<typeof gitPushBranch>> {
      pushed.push(request);
      world.github.addBranch({ repository: REPOSITORY, branch: request.branch, files: { 'code.js': request.commit } });
      return { branch: request.branch, sha: request.commit, moved: true };
    }
  }
  @Module({ controllers: [GitHandlers] })
  class GitModule {}
  const service: RunningService = await startService({ name: 'git-worker', module: GitModule as Type }, world.host, world.logger);
  return { pushed, stop: () => service.stop() };
}
