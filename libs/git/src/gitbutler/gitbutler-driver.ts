import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { terminal } from '@cascade/contracts';
import { z } from 'zod';
import { COMMITTER_EMAIL, COMMITTER_NAME } from '../git-environment.js';
import { endMarkedProcesses } from '../git-processes.js';
import { TRANSFER_TIMEOUT_MS, type GitAnswer, type GitRunner } from '../git-runner.js';
import type { Trash } from '../trash.js';
import { checkCheckoutSize } from '../tree-reader.js';
import { changesDepend, type Probe, type WorkspaceDriver, type WorkspacePlace } from '../workspace-driver.js';
import { But, butFailed, commitAnswer, isRefusal, statusAnswer, type ButStatus } from './but.js';

const BASE = 'refs/heads/cascade-base';
const anything = z.unknown();

/**
 * GitButler workspaces: a clone of its own for each place, never a worktree of the cache, which `but` refuses. All
 * branches are applied at the same time and share the clone's files, so it is a place to spread changes over branches,
 * not one for tests that run beside each other.
 *
 * - The clone has no remote and no credentials; what comes back into the cache are objects, fetched by our own git.
 * - Identifiers of changes are good for one snapshot only: they are read again just before each commit.
 * - Conflicts do not stop `but`, it marks commits: so after each change the marks are looked at, and it is taken back.
 */
export class GitButlerDriver implements WorkspaceDriver {
  readonly kind = 'gitbutler';
  /** By place: which branch the changes of a file belong to. `but` itself knows that only from the commit on. */
  private readonly assigned = new Map<string, Map<string, string>>();

  constructor(private readonly runner: GitRunner, private readonly trash: Trash, private readonly but: But = new But()) {}

  async probe(): Promise<Probe> {
    return await this.but.probe();
  }

  async open(place: WorkspacePlace, base: string, _reason: string, signal?: AbortSignal): Promise<void> {
    const { path, repository } = place;
    await checkCheckoutSize(repository, base, signal);
    await this.close(place);
    await mkdir(dirname(path), { recursive: true });
    await this.runner.run({ args: ['init', '--quiet', '--template=', `--object-format=${base.length === 64 ? 'sha256' : 'sha1'}`, '--initial-branch=cascade-empty', '--', path], signal, env: markOf(place) });
    await repository.git(['push', '--quiet', '--no-verify', '--', path, `${base}:${BASE}`], { transport: 'file', timeoutMs: TRANSFER_TIMEOUT_MS, signal, env: markOf(place) });
    for (const args of [['symbolic-ref', 'HEAD', BASE], ['config', 'user.name', COMMITTER_NAME], ['config', 'user.email', COMMITTER_EMAIL], ['reset', '--hard', '--quiet', base]]) await this.inClone(place, args, signal);
    await this.but.call(anything, { clone: path, args: ['config', 'metrics', 'disable'], signal }); // before the first use
    await this.but.call(anything, { clone: path, args: ['setup'], signal });
    this.assigned.set(path, new Map());
  }

  async createBranch(place: WorkspacePlace, branch: string, above?: string): Promise<void> {
    await this.but.call(anything, { clone: this.opened(place), args: ['branch', 'new', branch, ...(above === undefined ? [] : ['-A', above])] });
  }

  async assign(place: WorkspacePlace, paths: readonly string[], branch: string): Promise<void> {
    const clone = this.opened(place);
    for (const path of paths) this.assigned.get(clone)?.set(path, branch);
  }

  async commit(place: WorkspacePlace, branch: string, message: string, signal?: AbortSignal): Promise<string> {
    const clone = this.opened(place);
    const assigned = this.assigned.get(clone) ?? new Map<string, string>();
    const ids = (await this.status(clone, signal)).uncommittedChanges.filter(({ filePath }) => assigned.get(filePath) === branch).map(({ cliId }) => cliId);
    if (ids.length === 0) return await this.tipOf(place, branch, signal);
    // A value that begins with a dash would be read as an option.
    const answer = await this.but.try(commitAnswer, { clone, args: ['commit', '-b', branch, '-m', message.replace(/^[\s-]+/, ''), ...ids], signal });
    if (isRefusal(answer)) throw /could not be applied|cannot commit/i.test(answer.refused) ? changesDepend(branch) : butFailed('commit', answer.refused);
    await this.refuseConflicts(place, branch);
    for (const [path, owner] of assigned) if (owner === branch) assigned.delete(path);
    return answer.commitId;
  }

  async move(place: WorkspacePlace, branch: string, above: string | undefined): Promise<void> {
    await this.but.call(anything, { clone: this.opened(place), args: ['move', branch, ...(above === undefined ? ['--unstack'] : ['--above', above])] });
    await this.refuseConflicts(place, branch);
  }

  async undo(place: WorkspacePlace): Promise<void> {
    const answer = await this.but.try(anything, { clone: this.opened(place), args: ['undo'] });
    if (isRefusal(answer)) throw terminal('CASC_NOTHING_TO_UNDO', 'Nothing was done in this workspace that could be taken back.');
  }

  /** `but push` is not used: it would need credentials in a process and in a configuration that are not ours. */
  async push(place: WorkspacePlace, branch: string, ref: string, signal?: AbortSignal): Promise<string> {
    const clone = this.opened(place);
    await place.repository.git(
      ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--no-recurse-submodules', '--', clone, `+refs/heads/${branch}:${ref}`],
      { transport: 'file', timeoutMs: TRANSFER_TIMEOUT_MS, signal, env: markOf(place) },
    );
    return await place.repository.readRef(ref, signal) ?? '';
  }

  async close(place: WorkspacePlace): Promise<boolean> {
    // Of a worker that was killed: its git and its `but` live on, and would write into what comes next.
    for (const [name, value] of Object.entries(markOf(place))) await endMarkedProcesses(name, value);
    this.assigned.delete(place.path);
    return await this.trash.put(place.path);
  }

  private async refuseConflicts(place: WorkspacePlace, branch: string): Promise<void> {
    const { stacks } = await this.status(place.path);
    if (!stacks.some((stack) => stack.branches.some(({ commits }) => commits.some(({ conflicted }) => conflicted)))) return;
    await this.undo(place);
    throw changesDepend(branch);
  }

  private async status(clone: string, signal?: AbortSignal): Promise<ButStatus> {
    return await this.but.call(statusAnswer, { clone, args: ['status', '-f'], signal });
  }

  private async tipOf(place: WorkspacePlace, branch: string, signal?: AbortSignal): Promise<string> {
    return (await this.inClone(place, ['rev-parse', '--verify', '--end-of-options', `refs/heads/${branch}^{commit}`], signal)).text;
  }

  /** Our own git in the clone. Nobody else writes its configuration: no agent works there. */
  private async inClone(place: WorkspacePlace, args: readonly string[], signal?: AbortSignal): Promise<GitAnswer> {
    return await this.runner.run({ args, gitDir: join(place.path, '.git'), workTree: place.path, signal, env: markOf(place) });
  }

  private opened(place: WorkspacePlace): string {
    if (!this.assigned.has(place.path)) throw terminal('CASC_WORKSPACE_NOT_FOUND', 'The workspace is not open in this process.');
    return place.path;
  }
}

const markOf = (place: WorkspacePlace): Record<string, string> => ({ CASCADE_GIT_WORKSPACE: place.path });
