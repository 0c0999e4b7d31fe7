import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isCascadeError, retryable, terminal } from '@cascade/contracts';
import type { CachedRepository } from './cached-repository.js';
import { endMarkedProcesses } from './git-processes.js';
import type { GitRunner } from './git-runner.js';
import type { KeyedMutex } from './mutex.js';
import type { Trash } from './trash.js';
import { checkCheckoutSize } from './tree-reader.js';
import type { Probe, WorkspaceDriver, WorkspacePlace } from './workspace-driver.js';
import { WorktreeBranches } from './worktree-branches.js';

/** Git's record of one worktree, inside the cache. */
interface Administration {
  readonly folder: string;
  readonly path: string;
}

/** How often a worktree is added while others are half made, and how long those get to become whole, in milliseconds. */
const ADD_TRIES = 5;
const HALF_MADE_MS = 50;

const markOf = (place: WorkspacePlace): Record<string, string> => ({ CASCADE_GIT_WORKSPACE: place.path });

/**
 * Worktrees of the bare cache: each with its own files, index and HEAD, sharing the objects.
 *
 * - The worktree's `.git` file is never read by us: who works there can make it lead anywhere, also to a configuration
 *   that runs programs. Every call names the administration folder itself.
 * - Always locked, so that no prune takes a worktree whose `.git` file was deleted; always detached and `--no-track`,
 *   because parallel `worktree add -b` collide on the shared configuration.
 * - A killed `worktree add` leaves a locked, half-made worktree that git itself neither prunes nor removes. So opening
 *   starts by clearing its place: lock off, folder to the trash, prune.
 */
export class WorktreeDriver implements WorkspaceDriver {
  readonly kind = 'worktree';
  private readonly branches = new Map<string, WorktreeBranches>();

  constructor(private readonly runner: GitRunner, private readonly trash: Trash, private readonly mutex: KeyedMutex) {}

  async probe(): Promise<Probe> {
    try {
      return { ok: true, version: await this.runner.version() };
    } catch (error) {
      if (isCascadeError(error)) return { ok: false, reason: error.message };
      throw error;
    }
  }

  async open(place: WorkspacePlace, base: string, reason: string, signal?: AbortSignal): Promise<void> {
    await checkCheckoutSize(place.repository, base, signal);
    const administration = await this.mutex.run(place.repository.id, async () => {
      await this.clear(place);
      await mkdir(dirname(place.path), { recursive: true });
      await this.add(place, base, reason, signal);
      return await this.find(place);
    });
    if (administration === undefined) throw retryable('CASC_GIT_FAILED', 'git made no worktree.');
    // Outside the mutex: filling a large checkout takes long, and touches nothing that is shared.
    await place.repository.git(['reset', '--hard', '--quiet', base], { gitDir: administration.folder, workTree: place.path, signal, env: markOf(place) });
    this.branches.set(place.path, new WorktreeBranches(place, base));
  }

  /**
   * git looks at all worktrees first, and gives up at one that is half made. Another process makes it whole within a
   * moment; of one that was killed then, nothing would ever become, and no worktree of the repository any more.
   */
  private async add(place: WorkspacePlace, base: string, reason: string, signal?: AbortSignal, tries = ADD_TRIES): Promise<void> {
    try {
      await place.repository.git(['worktree', 'add', '--quiet', '--detach', '--no-checkout', '--lock', '--reason', reason, '--', place.path, base], { signal, env: markOf(place) });
    } catch (error) {
      if (tries === 1 || !isCascadeError(error) || !/failed to read .*commondir/.test(error.message)) throw error;
      await this.clear(place);
      await delay(HALF_MADE_MS, undefined, { signal });
      if (tries === 2) await this.dropHalfMade(place.repository);
      await this.add(place, base, reason, signal, tries - 1);
    }
  }

  private async dropHalfMade(repository: CachedRepository): Promise<void> {
    for (const { folder } of await this.administrations(repository)) {
      if ((await stat(join(folder, 'commondir')).catch(() => undefined))?.size === 0) await rm(folder, { recursive: true, force: true });
    }
  }

  async createBranch(place: WorkspacePlace, branch: string, above?: string): Promise<void> {
    this.at(place).create(branch, above);
  }

  async assign(place: WorkspacePlace, paths: readonly string[], branch: string): Promise<void> {
    this.at(place).assign(paths, branch);
  }

  async commit(place: WorkspacePlace, branch: string, message: string, signal?: AbortSignal): Promise<string> {
    return await this.at(place).commit(branch, message, signal);
  }

  async move(place: WorkspacePlace, branch: string, above: string | undefined): Promise<void> {
    await this.at(place).move(branch, above);
  }

  async undo(place: WorkspacePlace): Promise<void> {
    this.at(place).undo();
  }

  async push(place: WorkspacePlace, branch: string, ref: string, signal?: AbortSignal): Promise<string> {
    const tip = this.at(place).tipOf(branch);
    await place.repository.git(['update-ref', '-m', 'cascade: branch', ref, tip], { signal });
    return tip;
  }

  private at(place: WorkspacePlace): WorktreeBranches {
    const found = this.branches.get(place.path);
    if (found === undefined) throw terminal('CASC_WORKSPACE_NOT_FOUND', 'The workspace is not open in this process.');
    return found;
  }

  async close(place: WorkspacePlace): Promise<boolean> {
    return await this.mutex.run(place.repository.id, () => this.clear(place));
  }

  private async clear(place: WorkspacePlace): Promise<boolean> {
    // Of a worker that was killed: its git lives on, and would write into what comes next.
    for (const [name, value] of Object.entries(markOf(place))) await endMarkedProcesses(name, value);
    const administration = await this.find(place);
    if (administration !== undefined) await rm(join(administration.folder, 'locked'), { force: true });
    this.branches.delete(place.path);
    const existed = await this.trash.put(place.path);
    if (administration !== undefined) await place.repository.git(['worktree', 'prune', '--expire', 'now']);
    return existed || administration !== undefined;
  }

  private async find(place: WorkspacePlace): Promise<Administration | undefined> {
    return (await this.administrations(place.repository)).find(({ path }) => path === place.path);
  }

  /** Read from the files, because git lists no worktree whose making was cut short early. */
  private async administrations(repository: CachedRepository): Promise<Administration[]> {
    const root = join(repository.path, 'worktrees');
    const found: Administration[] = [];
    for (const name of await readdir(root).catch(() => [])) {
      const pointer = await readFile(join(root, name, 'gitdir'), 'utf8').catch(() => undefined);
      // Without that file git prunes it by itself.
      if (pointer !== undefined) found.push({ folder: join(root, name), path: dirname(pointer.trim()) });
    }
    return found;
  }
}
