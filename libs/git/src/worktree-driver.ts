import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isCascadeError, retryable } from '@cascade/contracts';
import type { CachedRepository } from './cached-repository.js';
import { endMarkedProcesses } from './git-processes.js';
import type { GitRunner } from './git-runner.js';
import type { KeyedMutex } from './mutex.js';
import type { Trash } from './trash.js';
import { checkCheckoutSize } from './tree-reader.js';
import type { WorkspaceDriver, WorkspacePlace } from './workspace-driver.js';

/** Git's record of one worktree, inside the cache. */
interface Administration {
  readonly folder: string;
  readonly path: string;
}

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

  constructor(private readonly runner: GitRunner, private readonly trash: Trash, private readonly mutex: KeyedMutex) {}

  async probe(): Promise<{ ok: boolean; reason?: string }> {
    try {
      await this.runner.checkVersion();
      return { ok: true };
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
      await place.repository.git(['worktree', 'add', '--quiet', '--detach', '--no-checkout', '--lock', '--reason', reason, '--', place.path, base], { signal, env: markOf(place) });
      return await this.find(place);
    });
    if (administration === undefined) throw retryable('CASC_GIT_FAILED', 'git made no worktree.');
    // Outside the mutex: filling a large checkout takes long, and touches nothing that is shared.
    await place.repository.git(['reset', '--hard', '--quiet', base], { gitDir: administration.folder, workTree: place.path, signal, env: markOf(place) });
  }

  async close(place: WorkspacePlace): Promise<boolean> {
    return await this.mutex.run(place.repository.id, () => this.clear(place));
  }

  async list(repository: CachedRepository): Promise<string[]> {
    return (await this.administrations(repository)).map(({ path }) => basename(path)).toSorted();
  }

  private async clear(place: WorkspacePlace): Promise<boolean> {
    // Of a worker that was killed: its git lives on, and would write into what comes next.
    for (const [name, value] of Object.entries(markOf(place))) await endMarkedProcesses(name, value);
    const administration = await this.find(place);
    if (administration !== undefined) await rm(join(administration.folder, 'locked'), { force: true });
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
