import { join } from 'node:path';
import { isCascadeError, retryable, terminal, type CascadeError, type TreeList } from '@cascade/contracts';
import { readBlobs, type BlobBounds, type ReadBlobs } from './blob-reader.js';
import type { CachedRepository } from './cached-repository.js';
import { baseRef, integrationRef, integrationTip, moveRef, openCascadeRefs } from './cascade-refs.js';
import { showChange, type Change, type WantedChange } from './change.js';
import { chooseBranch } from './choose-branch.js';
import { changesSince } from './commit-changes.js';
import { commitMessage, type CommitText } from './commit-message.js';
import type { DriverChoice } from './driver-choice.js';
import { listFiles } from './file-list.js';
import { findCommitWithMessage, writeCommit, type FileChange, type WrittenCommit } from './commit-writer.js';
import { GitRunner } from './git-runner.js';
import { mergeCommit, type MergeResult } from './merge.js';
import { findNextEpicId } from './next-epic-id.js';
import { publishLocally, publishRemotely, type Published } from './publish.js';
import { isOwnCommit, pushBranch, type PushedBranch } from './push-branch.js';
import { remoteAccess, type RemoteAccess, type TokenFor } from './remote-access.js';
import { RemoteBranches } from './remote-branch.js';
import { RepositoryCache, type OpenedRepository } from './repository-cache.js';
import { parseSource, type RepositorySource } from './repository-source.js';
import { readFiles, type ReadFiles } from './tree-reader.js';
import { countUncommittedChanges } from './uncommitted-changes.js';
import { withdrawBranch } from './withdraw.js';
import { Workspaces } from './workspaces.js';

export interface GitPlaces {
  /** Holds the bare caches; everything in it can be made again. */
  readonly cache: string;
  /** Holds the checkouts, and is shared with whoever runs tests in them; made when it is not there. */
  readonly workspaces: string;
  /** Asked for a remote's token where the environment has none. */
  readonly tokenFor?: TokenFor;
  /** What spreads stories over branches. */
  readonly driver?: DriverChoice;
}

export interface OpenedForCascade {
  readonly repositoryId: string;
  readonly repositoryName: string;
  readonly branch: string;
  readonly baseSha: string;
  readonly nextEpicId: number;
  readonly notices: string[];
}

export interface ListedCommit {
  readonly branch?: string | undefined;
  readonly commit?: string | undefined;
  readonly since?: string | undefined;
}

export interface ListedTree {
  readonly repositoryId: string;
  readonly repositoryName: string;
  readonly branch: string;
  readonly commit: string;
  /** What the list is relative to; absent: it is whole. */
  readonly since?: string;
  readonly list: TreeList;
  /** Bytes of changed files by blob, where they are few; see commit-changes.ts. */
  readonly contents: ReadonlyMap<string, Buffer>;
}

export interface WantedPush {
  readonly commit: string;
  readonly branch: string;
  /** Where the caller pushed it to before. */
  readonly previous?: string | undefined;
  /** Address to push to; where the repository came from unless given. */
  readonly remote?: string | undefined;
}

/** How often a commit onto the integration branch is written anew because somebody else moved it. */
const CAS_ATTEMPTS = 20;

/** Everything that Cascade does with git. Each call is safe to repeat: after a crash the same call gives the same result. */
export class GitRepositories {
  private readonly runner: GitRunner;
  private readonly cache: RepositoryCache;
  private readonly access: RemoteAccess;
  readonly workspaces: Workspaces;

  constructor(places: GitPlaces, binary = 'git') {
    this.runner = new GitRunner(join(places.cache, 'home'), binary);
    this.access = remoteAccess(places.tokenFor);
    this.cache = new RepositoryCache(this.runner, join(places.cache, 'repositories'), this.access);
    this.workspaces = new Workspaces(this.runner, this.cache, places.workspaces, places.driver);
  }

  /** Ends the processes that wait for further questions. */
  close = (): void => this.cache.processes.close();

  /**
   * Fetches a repository and opens the cascade's integration branch at the tip of `branch` (the checked-out or default
   * one unless given). Throws `CASC_REPOSITORY_NOT_FOUND`, `CASC_NOT_A_REPOSITORY`, `CASC_REPOSITORY_EMPTY`,
   * `CASC_BRANCH_NOT_FOUND`, `CASC_GIT_TOO_OLD`, and what repository-source.ts and git-failures.ts name.
   */
  async open(cascadeId: string, address: string, branch?: string, signal?: AbortSignal): Promise<OpenedForCascade> {
    const opened = await this.cache.open(address, signal);
    const { repository, source, heads } = opened;
    const name = chooseBranch(opened, branch);
    const tip = heads.get(name) ?? '';
    const baseSha = await openCascadeRefs(repository, cascadeId, tip, signal);
    return {
      repositoryId: repository.id, repositoryName: source.name, branch: name, baseSha,
      nextEpicId: await findNextEpicId(repository, baseSha, heads.keys(), signal),
      notices: await this.notices(opened, name, tip, signal),
    };
  }

  private async notices({ repository, source, heads, defaultBranch }: OpenedRepository, branch: string, tip: string, signal?: AbortSignal): Promise<string[]> {
    if (source.kind !== 'local') return [];
    const standsAt = defaultBranch === undefined ? tip : heads.get(defaultBranch) ?? tip;
    const changes = await countUncommittedChanges(repository, source.local, standsAt, signal);
    const notices = changes === undefined || changes === 0 ? [] : [`${changes} uncommitted ${changes === 1 ? 'change is' : 'changes are'} not part of this run.`];
    return defaultBranch === undefined || defaultBranch === branch ? notices : [...notices, `The checked-out branch is ${defaultBranch}; this run starts from ${branch}.`];
  }

  /** Lists and reads a commit's files; see tree-reader.ts. */
  async readFiles(repositoryId: string, commit: string, paths: readonly string[], maxBytes: number, signal?: AbortSignal): Promise<ReadFiles> {
    return await readFiles(await this.cache.existing(repositoryId), commit, paths, maxBytes, signal);
  }

  /** What a cascade changed; see change.ts. */
  async showChange(repositoryId: string, wanted: WantedChange, signal?: AbortSignal): Promise<Change> {
    return await showChange(await this.cache.existing(repositoryId), wanted, signal);
  }

  /**
   * Lists the files of `commit` (the tip of `branch` unless given), or only the changes since another commit when that is
   * there. A repository on this machine is read where it is, others are fetched. Opens nothing. Throws as `open` does, `CASC_COMMIT_NOT_FOUND` and `CASC_REPOSITORY_TOO_LARGE`.
   */
  async listTree(address: string, { branch, commit: wanted, since }: ListedCommit, signal?: AbortSignal): Promise<ListedTree> {
    const opened = await this.cache.openToRead(address, branch, signal);
    const { repository, source, heads } = opened;
    const name = chooseBranch(opened, branch);
    const commit = wanted ?? heads.get(name) ?? '';
    if (wanted !== undefined && !await repository.hasCommit(wanted, signal)) throw commitNotFound(wanted);
    const tree = { repositoryId: repository.id, repositoryName: source.name, branch: name, commit };
    const changes = since === undefined ? undefined : await changesSince(repository, since, commit, signal);
    return since === undefined || changes === undefined ? { ...tree, list: await listFiles(repository, commit, signal), contents: new Map() } : { ...tree, since, ...changes };
  }

  /** Reads blobs of a repository that was opened or listed before; see blob-reader.ts. */
  async readBlobs(repositoryId: string, blobs: readonly string[], bounds: BlobBounds, signal?: AbortSignal): Promise<ReadBlobs> {
    return await readBlobs(await this.cache.existingToRead(repositoryId), blobs, bounds, signal);
  }

  /** Commits whole files onto the integration branch, however often others move it meanwhile. No files: its tip. */
  async commitFiles(cascadeId: string, repositoryId: string, files: readonly FileChange[], text: CommitText, signal?: AbortSignal): Promise<WrittenCommit> {
    const repository = await this.cache.existing(repositoryId);
    const message = commitMessage(text);
    return await this.cache.mutex.run(`${cascadeId}/integration`, () => this.commitOntoTip(repository, cascadeId, files, message, signal));
  }

  /** The mutex spares this process its own races; other processes are held off by the compare-and-swap. */
  private async commitOntoTip(repository: CachedRepository, cascadeId: string, files: readonly FileChange[], message: string, signal?: AbortSignal): Promise<WrittenCommit> {
    for (let attempt = 1; attempt <= CAS_ATTEMPTS; attempt += 1) {
      const tip = await integrationTip(repository, cascadeId, signal);
      if (files.length === 0) return { sha: tip, changed: [] };
      const commit = await writeCommit(repository, tip, files, message, { signal });
      if (commit.changed.length === 0) {
        // Repeated: the tip has it all, and what others added since.
        const earlier = await findCommitWithMessage(repository, tip, baseRef(cascadeId), message, signal);
        return { sha: tip, changed: earlier?.changed ?? [] };
      }
      if (await moveRef(repository, integrationRef(cascadeId), commit.sha, tip, 'integration', signal)) return commit;
    }
    throw retryable('CASC_GIT_BUSY', 'The integration branch moved too often while a commit was written.', { retryAfterMs: 1_000 });
  }

  /** Tip of the integration branch. Throws `CASC_CASCADE_NOT_OPEN`. */
  async integrationTip(cascadeId: string, repositoryId: string, signal?: AbortSignal): Promise<string> {
    return await integrationTip(await this.cache.existing(repositoryId), cascadeId, signal);
  }

  /** Merges a commit into a tip, without moving anything; see merge.ts. */
  async merge(repositoryId: string, tip: string, commit: string, text: CommitText, signal?: AbortSignal): Promise<MergeResult> {
    return await mergeCommit(await this.cache.existing(repositoryId), tip, commit, commitMessage(text), signal);
  }

  /** Moves the integration branch from `tip` to `candidate`; false when it is no longer at `tip`. */
  async advance(cascadeId: string, repositoryId: string, candidate: string, tip: string, signal?: AbortSignal): Promise<boolean> {
    return await moveRef(await this.cache.existing(repositoryId), integrationRef(cascadeId), candidate, tip, 'integration', signal);
  }

  /** Whether a commit is in the history of `tip`. */
  async contains(repositoryId: string, tip: string, commit: string, signal?: AbortSignal): Promise<boolean> {
    return await (await this.cache.existing(repositoryId)).isAncestor(commit, tip, signal);
  }

  /**
   * Puts a commit into the user's repository as a new branch; `-2`, `-3` … when the name is taken by another commit. At a
   * remote a branch that holds an earlier commit of `cascadeId` is its own, and is moved forward.
   * Throws `CASC_BRANCH_EXISTS`, `CASC_BRANCH_BLOCKED`, `CASC_COMMIT_NOT_FOUND`, `CASC_PUSH_REFUSED`.
   */
  async publish(repositoryId: string, commit: string, branch: string, signal?: AbortSignal, cascadeId?: string): Promise<Published> {
    const repository = await this.publishable(repositoryId, commit, branch, signal);
    const source = await this.cache.sourceOf(repositoryId);
    const base = cascadeId === undefined ? undefined : await repository.readRef(baseRef(cascadeId), signal);
    return await this.cache.mutex.run(repositoryId, async () => source.kind === 'local'
      ? await publishLocally(this.runner, repository, source.local, commit, branch, signal)
      : await publishRemotely(this.branchesOf(repository, source, signal), commit, branch, (at) => isOwnCommit(repository, at, commit, base)));
  }

  /**
   * Pushes a commit of a cascade to a branch of its remote (`remote`, or where the repository came from); see
   * push-branch.ts. Throws `CASC_BRANCH_NOT_OURS`, `CASC_REPOSITORY_NOT_LINKED`, and as `publish` does.
   */
  async push(cascadeId: string, repositoryId: string, { commit, branch, previous, remote }: WantedPush, signal?: AbortSignal): Promise<PushedBranch> {
    const repository = await this.publishable(repositoryId, commit, branch, signal);
    const source = remote === undefined ? await this.cache.sourceOf(repositoryId) : await parseSource(remote);
    if (source.kind !== 'remote') throw terminal('CASC_REPOSITORY_NOT_LINKED', 'The repository has no remote to push to.', { advice: 'Link it with `cascade github setup --repo owner/name --path …`.' });
    const base = await repository.readRef(baseRef(cascadeId), signal);
    return await this.cache.mutex.run(repositoryId, () => pushBranch(repository, this.branchesOf(repository, source, signal), { commit, branch, previous, base }));
  }

  private branchesOf(repository: CachedRepository, source: RepositorySource, signal: AbortSignal | undefined): RemoteBranches {
    return new RemoteBranches(this.runner, repository, source, this.access, signal);
  }

  private async publishable(repositoryId: string, commit: string, branch: string, signal?: AbortSignal): Promise<CachedRepository> {
    const repository = await this.cache.existing(repositoryId);
    if (!await repository.hasCommit(commit, signal)) throw commitNotFound(commit);
    const valid = await repository.git(['check-ref-format', `refs/heads/${branch}`], { accept: [1], signal });
    if (valid.code !== 0 || !branch.startsWith('cascade/')) throw terminal('CASC_BRANCH_INVALID', `${JSON.stringify(branch.slice(0, 80))} is no name for a result branch.`);
    return repository;
  }

  /**
   * Takes a published branch away unless somebody works with it; see withdraw.ts. A repository that is gone has none.
   * @param remote where it was pushed to, if not where the repository came from
   */
  async withdraw(repositoryId: string, commit: string, branch: string, signal?: AbortSignal, remote?: string): Promise<boolean> {
    try {
      const opened = remote === undefined ? await this.cache.refresh(repositoryId, signal) : await this.cache.open(remote, signal);
      return await withdrawBranch(this.runner, this.access, opened, commit, branch, signal);
    } catch (error) {
      if (isCascadeError(error) && (error.code === 'CASC_REPOSITORY_NOT_FOUND' || error.code === 'CASC_NOT_A_REPOSITORY')) return false;
      throw error;
    }
  }
}

const commitNotFound = (commit: string): CascadeError => terminal('CASC_COMMIT_NOT_FOUND', `Commit ${commit.slice(0, 12)} is not in the cache of the repository.`);
