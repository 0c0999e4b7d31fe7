import { Controller, Module } from '@nestjs/common';
import {
  gitCommit, gitOpenWorkspace, gitPublishBranch, gitPushBranch, gitReadFiles, gitSpreadStory, publication, taskConflicted, taskImplemented, taskIntegrated,
  type EventOf, type Outcome, type ReplyOf, type RequestOf, type Run,
} from '@cascade/contracts';
import { GitRepositories, KeyedMutex } from '@cascade/git';
import { OnCommand, OnEvent } from '@cascade/streams';

/** Tasks whose first integration is refused, by id. */
export const conflictOnce = new Set<string>();

/** What was to be pushed where; nothing is. */
export const pushed: string[] = [];

let repositories: GitRepositories;
export const useRepositories = (git: GitRepositories): void => { repositories = git; };

/** Stands where git-worker stands: the commands that this tier sends and a merge queue that tests nothing, with real git. */
@Controller()
class GitHandlers {
  private readonly queue = new KeyedMutex();

  @OnCommand(gitReadFiles)
  readFiles({ repositoryId, commit, paths, maxBytes }: RequestOf<typeof gitReadFiles>): Promise<ReplyOf<typeof gitReadFiles>> {
    return repositories.readFiles(repositoryId, commit, paths, maxBytes);
  }

  @OnCommand(gitOpenWorkspace)
  openWorkspace({ cascadeId, repositoryId, key, base, fence }: RequestOf<typeof gitOpenWorkspace>): Promise<ReplyOf<typeof gitOpenWorkspace>> {
    return repositories.workspaces.open(cascadeId, repositoryId, key, base, undefined, fence);
  }

  @OnCommand(gitCommit)
  commit(request: RequestOf<typeof gitCommit>): Promise<ReplyOf<typeof gitCommit>> {
    const { cascadeId, repositoryId, target, files } = request;
    return target.kind === 'integration' ? repositories.commitFiles(cascadeId, repositoryId, files, request) : repositories.workspaces.commit(cascadeId, target.workspaceId, target.paths, request);
  }

  @OnCommand(gitPublishBranch)
  publish({ repositoryId, commit, branch }: RequestOf<typeof gitPublishBranch>): Promise<ReplyOf<typeof gitPublishBranch>> {
    return repositories.publish(repositoryId, commit, branch);
  }

  @OnCommand(gitSpreadStory)
  async spreadStory({ cascadeId, repositoryId, storyId, units }: RequestOf<typeof gitSpreadStory>): Promise<ReplyOf<typeof gitSpreadStory>> {
    return { driver: 'worktree', branches: await repositories.workspaces.spreadStory(cascadeId, repositoryId, `story/${storyId}`, units) };
  }

  @OnCommand(gitPushBranch)
  async push({ branch, commit, remote }: RequestOf<typeof gitPushBranch>): Promise<ReplyOf<typeof gitPushBranch>> {
    pushed.push(`${branch} to ${remote ?? ''}`);
    return { branch, sha: commit, moved: true };
  }

  @OnEvent(taskImplemented)
  integrate(event: EventOf<typeof taskImplemented>, run: Run): Promise<Outcome> {
    return this.queue.run(run.cascadeId, async () => {
      const { project, taskId, attempt, commitSha, evidence } = event.data;
      const tip = await repositories.integrationTip(run.cascadeId, project.repositoryId);
      if (conflictOnce.delete(taskId)) {
        return { save: [], publish: [publication(taskConflicted, { project, taskId, attempt, reason: 'merge', paths: ['src/x.js'], output: '', integrationSha: tip })] };
      }
      const merged = await repositories.merge(project.repositoryId, tip, commitSha, { subject: `Merge task ${taskId}`, body: '', trailers: [] });
      if (merged.kind === 'merged') await repositories.advance(run.cascadeId, project.repositoryId, merged.candidate, tip);
      return { save: [], publish: [publication(taskIntegrated, { project, taskId, attempt, commitSha, integrationSha: merged.kind === 'merged' ? merged.candidate : tip, evidence })] };
    });
  }
}

@Module({ controllers: [GitHandlers] })
export class GitStandIn {}
