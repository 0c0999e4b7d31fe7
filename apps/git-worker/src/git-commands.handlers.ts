import { Controller } from '@nestjs/common';
import {
  gitCleanUp, gitCloseRepository, gitCloseWorkspace, gitCommit, gitExportBlobs, gitListTree, gitOpenRepository, gitOpenWorkspace, gitPublishBranch, gitPushBranch, gitReadFiles, gitReadTip, gitShowChange, gitSpreadStory, gitTestCommit, gitWithdrawBranch, MAX_CARRIED_CHANGES, newEventId, terminal, type ReplyOf, type RequestOf,
} from '@cascade/contracts';
import { GitRepositories } from '@cascade/git';
import { ExportStore } from '@cascade/service-host';
import { OnCommand, type CommandCall } from '@cascade/streams';
import { CommitTests } from './commit-tests.js';
import { GitHubRemotes } from './github-remotes.js';
import { LiveCascades } from './live-cascades.js';
import { isGreen } from './suite.js';

/** Bounds of `git.test_commit`'s answer. */
const MAX_FAILING = 20;
const MAX_NAME = 500;
const MAX_OUTPUT = 20_000;

/**
 * Answers the git commands. Each is safe to repeat, which is what a command that was delivered twice needs. Those that
 * leave something behind are refused for a cascade that has ended: its clean-up may be over.
 */
@Controller()
export class GitCommandHandlers {
  constructor(private readonly git: GitRepositories, private readonly github: GitHubRemotes, private readonly live: LiveCascades, private readonly tests: CommitTests, private readonly exports: ExportStore) {}

  @OnCommand(gitOpenRepository)
  async openRepository(request: RequestOf<typeof gitOpenRepository>, call: CommandCall): Promise<ReplyOf<typeof gitOpenRepository>> {
    const { cascadeId, repository, branch } = request;
    return await this.live.run(cascadeId, () => this.git.open(cascadeId, repository, branch, call.signal), () => this.git.workspaces.removeRefs(cascadeId));
  }

  @OnCommand(gitReadFiles)
  async readFiles(request: RequestOf<typeof gitReadFiles>, call: CommandCall): Promise<ReplyOf<typeof gitReadFiles>> {
    return await this.git.readFiles(request.repositoryId, request.commit, request.paths, request.maxBytes, call.signal);
  }

  @OnCommand(gitReadTip)
  async readTip({ cascadeId, repositoryId }: RequestOf<typeof gitReadTip>, call: CommandCall): Promise<ReplyOf<typeof gitReadTip>> {
    return { commit: await this.git.integrationTip(cascadeId, repositoryId, call.signal) };
  }

  @OnCommand(gitShowChange)
  async showChange({ repositoryId, ...wanted }: RequestOf<typeof gitShowChange>, call: CommandCall): Promise<ReplyOf<typeof gitShowChange>> {
    return await this.git.showChange(repositoryId, wanted, call.signal);
  }

  @OnCommand(gitListTree)
  async listTree({ repository, ...wanted }: RequestOf<typeof gitListTree>, call: CommandCall): Promise<ReplyOf<typeof gitListTree>> {
    const { list, contents, ...tree } = await this.git.listTree(repository, wanted, call.signal);
    if (tree.since === undefined || list.files.length + list.removed.length > MAX_CARRIED_CHANGES) return { ...tree, list: await this.exports.put(JSON.stringify(list)) };
    return { ...tree, list: { ...list, contents: [...contents].map(([blob, bytes]) => ({ blob, base64: bytes.toString('base64') })) } };
  }

  @OnCommand(gitExportBlobs)
  async exportBlobs({ repositoryId, blobs: wanted, ...bounds }: RequestOf<typeof gitExportBlobs>, call: CommandCall): Promise<ReplyOf<typeof gitExportBlobs>> {
    const { content, ...read } = await this.git.readBlobs(repositoryId, wanted, bounds, call.signal);
    return { ...read, content: await this.exports.put(content) };
  }

  @OnCommand(gitTestCommit)
  async testCommit(request: RequestOf<typeof gitTestCommit>, call: CommandCall): Promise<ReplyOf<typeof gitTestCommit>> {
    const { cascadeId } = request;
    // A checkout of this very delivery: a worker that was frozen does not close the one of whoever took over.
    const key = `tests/${newEventId()}`;
    const suite = await this.live.run(cascadeId, () => this.tests.run({ ...request, key }, call.signal), () => this.git.workspaces.removeRefs(cascadeId));
    return {
      green: isGreen(suite), passed: suite.report?.passed ?? 0, failed: suite.failed.length,
      failing: suite.failed.slice(0, MAX_FAILING).map((name) => name.slice(0, MAX_NAME)), output: suite.feedback.slice(0, MAX_OUTPUT),
    };
  }

  @OnCommand(gitOpenWorkspace)
  async openWorkspace(request: RequestOf<typeof gitOpenWorkspace>, call: CommandCall): Promise<ReplyOf<typeof gitOpenWorkspace>> {
    const { cascadeId, repositoryId, key, base, fence } = request;
    return await this.live.run(cascadeId, () => this.git.workspaces.open(cascadeId, repositoryId, key, base, call.signal, fence), async () => {
      await this.git.workspaces.closeByKey(cascadeId, key);
      await this.git.workspaces.removeRefs(cascadeId);
    });
  }

  @OnCommand(gitCommit)
  async commit(request: RequestOf<typeof gitCommit>, call: CommandCall): Promise<ReplyOf<typeof gitCommit>> {
    const { cascadeId, repositoryId, target, files } = request;
    if (target.kind === 'integration') return await this.git.commitFiles(cascadeId, repositoryId, files, request, call.signal);
    if (files.length > 0) throw terminal('CASC_COMMIT_REFUSED', 'A commit of a workspace takes the files as they lie there, not contents.', { advice: 'Name their paths.' });
    return await this.git.workspaces.commit(cascadeId, target.workspaceId, target.paths, request, call.signal);
  }

  @OnCommand(gitSpreadStory)
  async spreadStory({ cascadeId, repositoryId, storyId, units }: RequestOf<typeof gitSpreadStory>, call: CommandCall): Promise<ReplyOf<typeof gitSpreadStory>> {
    const { driver } = await this.git.workspaces.storyDriver();
    const branches = await this.live.run(cascadeId, () => this.git.workspaces.spreadStory(cascadeId, repositoryId, `story/${storyId}`, units, call.signal), () => this.git.workspaces.removeRefs(cascadeId));
    return { driver: driver.kind, branches };
  }

  @OnCommand(gitCloseWorkspace)
  async closeWorkspace(request: RequestOf<typeof gitCloseWorkspace>): Promise<ReplyOf<typeof gitCloseWorkspace>> {
    return { closed: await this.git.workspaces.closeByKey(request.cascadeId, request.key) };
  }

  @OnCommand(gitCloseRepository)
  async closeRepository(request: RequestOf<typeof gitCloseRepository>, call: CommandCall): Promise<ReplyOf<typeof gitCloseRepository>> {
    return { refs: await this.git.workspaces.removeRefs(request.cascadeId, call.signal) };
  }

  @OnCommand(gitPublishBranch)
  async publishBranch(request: RequestOf<typeof gitPublishBranch>, call: CommandCall): Promise<ReplyOf<typeof gitPublishBranch>> {
    const { cascadeId, repositoryId, commit, branch } = request;
    return await this.live.run(cascadeId, () => this.git.publish(repositoryId, commit, branch, call.signal, cascadeId), () => this.git.withdraw(repositoryId, commit, branch));
  }

  @OnCommand(gitPushBranch)
  async pushBranch({ cascadeId, repositoryId, ...wanted }: RequestOf<typeof gitPushBranch>, call: CommandCall): Promise<ReplyOf<typeof gitPushBranch>> {
    const { commit, branch } = wanted;
    const remote = this.github.addressOf(wanted.remote);
    return await this.live.run(cascadeId, () => this.git.push(cascadeId, repositoryId, { ...wanted, remote }, call.signal), () => this.git.withdraw(repositoryId, commit, branch, undefined, remote), true);
  }

  @OnCommand(gitWithdrawBranch)
  async withdrawBranch(request: RequestOf<typeof gitWithdrawBranch>, call: CommandCall): Promise<ReplyOf<typeof gitWithdrawBranch>> {
    return { withdrawn: await this.git.withdraw(request.repositoryId, request.commit, request.branch, call.signal, this.github.addressOf(request.remote)) };
  }

  @OnCommand(gitCleanUp)
  async cleanUp(request: RequestOf<typeof gitCleanUp>, call: CommandCall): Promise<ReplyOf<typeof gitCleanUp>> {
    return await this.git.workspaces.cleanUp(request.cascadeId, call.signal);
  }
}
