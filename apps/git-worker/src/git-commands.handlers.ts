import { Controller } from '@nestjs/common';
import {
  gitCleanUp, gitCloseWorkspace, gitCommit, gitOpenRepository, gitOpenWorkspace, gitPublishBranch, gitReadFiles, terminal, type ReplyOf, type RequestOf,
} from '@cascade/contracts';
import { GitRepositories } from '@cascade/git';
import { OnCommand, type CommandCall } from '@cascade/streams';

/** Answers the git commands. Each is safe to repeat, which is what a command that was delivered twice needs. */
@Controller()
export class GitCommandHandlers {
  constructor(private readonly git: GitRepositories) {}

  @OnCommand(gitOpenRepository)
  async openRepository(request: RequestOf<typeof gitOpenRepository>, call: CommandCall): Promise<ReplyOf<typeof gitOpenRepository>> {
    return await this.git.open(request.cascadeId, request.repository, request.branch, call.signal);
  }

  @OnCommand(gitReadFiles)
  async readFiles(request: RequestOf<typeof gitReadFiles>, call: CommandCall): Promise<ReplyOf<typeof gitReadFiles>> {
    return await this.git.readFiles(request.repositoryId, request.commit, request.paths, request.maxBytes, call.signal);
  }

  @OnCommand(gitOpenWorkspace)
  async openWorkspace(request: RequestOf<typeof gitOpenWorkspace>, call: CommandCall): Promise<ReplyOf<typeof gitOpenWorkspace>> {
    return await this.git.workspaces.open(request.cascadeId, request.repositoryId, request.key, request.base, call.signal);
  }

  @OnCommand(gitCommit)
  async commit(request: RequestOf<typeof gitCommit>, call: CommandCall): Promise<ReplyOf<typeof gitCommit>> {
    const { cascadeId, repositoryId, target, files } = request;
    if (target.kind === 'integration') return await this.git.commitFiles(cascadeId, repositoryId, files, request, call.signal);
    if (files.length > 0) throw terminal('CASC_COMMIT_REFUSED', 'A commit of a workspace takes the files as they lie there, not contents.', { advice: 'Name their paths.' });
    return await this.git.workspaces.commit(cascadeId, target.workspaceId, target.paths, request, call.signal);
  }

  @OnCommand(gitCloseWorkspace)
  async closeWorkspace(request: RequestOf<typeof gitCloseWorkspace>): Promise<ReplyOf<typeof gitCloseWorkspace>> {
    return { closed: await this.git.workspaces.close(request.cascadeId, request.workspaceId) };
  }

  @OnCommand(gitPublishBranch)
  async publishBranch(request: RequestOf<typeof gitPublishBranch>, call: CommandCall): Promise<ReplyOf<typeof gitPublishBranch>> {
    return await this.git.publish(request.repositoryId, request.commit, request.branch, call.signal);
  }

  @OnCommand(gitCleanUp)
  async cleanUp(request: RequestOf<typeof gitCleanUp>, call: CommandCall): Promise<ReplyOf<typeof gitCleanUp>> {
    return await this.git.workspaces.cleanUp(request.cascadeId, call.signal);
  }
}
