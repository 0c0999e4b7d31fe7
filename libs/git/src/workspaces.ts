import { mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { retryable, terminal } from '@cascade/contracts';
import { branchRef, moveRef, removeCascadeRefs, taskRef } from './cascade-refs.js';
import { commitMessage, type CommitText } from './commit-message.js';
import { findCommitWithMessage, writeCommit, type WrittenCommit } from './commit-writer.js';
import type { GitRunner } from './git-runner.js';
import type { RepositoryCache } from './repository-cache.js';
import { chooseDriver, type ChosenDriver, type DriverChoice } from './driver-choice.js';
import { commitsOf, StoryStack, type StoryBranch, type StoryChange } from './story-stack.js';
import { Trash } from './trash.js';
import { readWorkspaceFiles } from './workspace-files.js';
import type { WorkspaceDriver, WorkspacePlace } from './workspace-driver.js';
import { taskOf, wasCutShort, workspaceIdOf, workspaceIdPattern, WorkspaceRegistry, type WorkspaceRecord } from './workspace-registry.js';
import { WorktreeDriver } from './worktree-driver.js';

export interface OpenWorkspace {
  readonly workspaceId: string;
  readonly path: string;
  readonly baseSha: string;
}

/**
 * The checkouts of all cascades. A workspace is `opening` from before git is started until the checkout is complete,
 * then `ready`; only a ready one takes commits. Closing forgets the record last, so that a killed closing is repeated.
 * Its commits are in a ref of the cache, which stays when the workspace goes.
 */
export class Workspaces {
  private readonly trash: Trash;
  private readonly registry: WorkspaceRegistry;
  /** Checkouts of tasks are worktrees whatever the choice is: their tests run beside each other. */
  private readonly driver: WorkspaceDriver;
  private chosen: Promise<ChosenDriver> | undefined;

  constructor(private readonly runner: GitRunner, private readonly cache: RepositoryCache, private readonly root: string, private readonly choice: DriverChoice = 'worktree') {
    this.trash = new Trash(join(root, '.trash'));
    this.registry = new WorkspaceRegistry(join(root, '.registry'));
    this.driver = new WorktreeDriver(runner, this.trash, cache.mutex);
  }

  private async place(repositoryId: string, workspaceId: string): Promise<WorkspacePlace> {
    await mkdir(this.root, { recursive: true });
    const owner = (await stat(this.root)).uid;
    // The folder may lie in a temporary folder that every user of the machine can write to.
    if (process.getuid !== undefined && owner !== process.getuid() && owner !== 0) {
      throw terminal('CASC_WORKSPACES_FOREIGN', 'The folder for workspaces belongs to another user.', { advice: 'Set CASCADE_WORKSPACES to a folder of your own.' });
    }
    return { repository: await this.cache.existing(repositoryId), workspaceId, path: join(await realpath(this.root), workspaceId) };
  }

  /**
   * A clean checkout of `base`. The same key gives the same folder, emptied and filled again. With a `fence` (a run's
   * token) each has a folder of its own, because whoever opened the key before may be frozen and write later; their
   * commits go onto one ref, which then stays where it is.
   */
  async open(cascadeId: string, repositoryId: string, key: string, base: string, signal?: AbortSignal, fence?: number): Promise<OpenWorkspace> {
    const workspaceId = workspaceIdOf(cascadeId, key, fence);
    const place = await this.place(repositoryId, workspaceId);
    return await this.cache.mutex.run(workspaceId, async () => {
      const record = { workspaceId, cascadeId, repositoryId, key, base };
      await this.registry.save({ ...record, state: 'opening' });
      await this.driver.open(place, base, 'in use by cascade', signal);
      const ref = taskRef(cascadeId, taskOf(workspaceId));
      if (fence === undefined || await place.repository.readRef(ref, signal) === undefined) await place.repository.git(['update-ref', '-m', 'cascade: workspace', ref, base], { signal });
      await this.registry.save({ ...record, state: 'ready' });
      return { workspaceId, path: place.path, baseSha: base };
    });
  }

  /**
   * Commits the named paths as they are in the workspace onto the workspace's own ref. Nothing changed: the commit that
   * a repeated call made before, or the tip. Throws `CASC_WORKSPACE_NOT_FOUND`, `CASC_COMMIT_REFUSED`.
   */
  async commit(cascadeId: string, workspaceId: string, paths: readonly string[], text: CommitText, signal?: AbortSignal): Promise<WrittenCommit> {
    const record = await this.require(cascadeId, workspaceId);
    const place = await this.place(record.repositoryId, workspaceId);
    const message = commitMessage(text);
    return await this.cache.mutex.run(workspaceId, async () => {
      const ref = taskRef(cascadeId, taskOf(workspaceId));
      const tip = await place.repository.readRef(ref, signal) ?? record.base;
      const commit = await writeCommit(place.repository, tip, await readWorkspaceFiles(place.path, paths), message, { workTree: place.path, signal });
      if (commit.changed.length === 0) return await findCommitWithMessage(place.repository, tip, record.base, message, signal) ?? commit;
      if (await moveRef(place.repository, ref, commit.sha, tip, 'workspace', signal)) return commit;
      throw retryable('CASC_GIT_BUSY', 'Another process committed into the same workspace.', { retryAfterMs: 1_000 });
    });
  }

  /** What spreads stories over branches; looked for once. */
  storyDriver(): Promise<ChosenDriver> {
    this.chosen ??= chooseDriver(this.choice, this.driver, this.runner, this.trash);
    return this.chosen;
  }

  /**
   * Spreads a story over branches, in a workspace of its own that is gone afterwards; they stay as refs of the cascade.
   * The changes come in an order in which each follows what it depends on. Throws `CASC_CHANGES_DEPEND` and
   * `CASC_STORY_NOT_SPREAD` (terminal) when the story cannot be told apart.
   */
  async spreadStory(cascadeId: string, repositoryId: string, key: string, changes: readonly StoryChange[], signal?: AbortSignal): Promise<StoryBranch[]> {
    const workspaceId = workspaceIdOf(cascadeId, key);
    const place = await this.place(repositoryId, workspaceId);
    const { driver } = await this.storyDriver();
    return await this.cache.mutex.run(workspaceId, async () => {
      const units = await Promise.all(changes.map(async (change) => ({ change, commits: await commitsOf(place.repository, change, signal) })));
      const base = await place.repository.readRef(`${units.find(({ commits }) => commits.length > 0)?.commits[0] ?? ''}^1`, signal);
      if (base === undefined) return [];
      await this.registry.save({ workspaceId, cascadeId, repositoryId, key, base, state: 'opening' });
      try {
        await driver.open(place, base, 'in use by cascade', signal);
        const stack = new StoryStack(driver, place, base, signal);
        for (const { change, commits } of units) await stack.add(change, commits);
        return await stack.finish((branch) => branchRef(cascadeId, branch));
      } finally {
        await driver.close(place);
        await this.registry.forget(workspaceId);
      }
    });
  }

  private async require(cascadeId: string, workspaceId: string): Promise<WorkspaceRecord> {
    const record = await this.registry.find(workspaceId);
    if (record === undefined || record.cascadeId !== cascadeId || record.state !== 'ready') {
      throw terminal('CASC_WORKSPACE_NOT_FOUND', `The cascade has no open workspace ${workspaceId}.`);
    }
    return record;
  }

  /** Removes a workspace; its commits stay. False when there is none, or it is another cascade's. */
  async close(cascadeId: string, workspaceId: string): Promise<boolean> {
    const record = await this.registry.find(workspaceId);
    if (record === undefined || record.cascadeId !== cascadeId) return false;
    return await this.cache.mutex.run(workspaceId, async () => {
      const place = await this.place(record.repositoryId, workspaceId).catch(() => undefined);
      if (place === undefined) await this.trash.put(join(this.root, workspaceId)); // its cache was deleted
      else await this.driver.close(place);
      await this.registry.forget(workspaceId);
      return true;
    });
  }

  /** Removes the workspaces that were opened with `key`, or the one that was opened with this `fence`, as `close` does. */
  async closeByKey(cascadeId: string, key: string, fence?: number): Promise<boolean> {
    return fence === undefined ? await this.closeTask(cascadeId, workspaceIdOf(cascadeId, key)) : await this.close(cascadeId, workspaceIdOf(cascadeId, key, fence));
  }

  /** Removes all workspaces that were opened with the same key as this one, also those of workers that died meanwhile. */
  async closeTask(cascadeId: string, workspaceId: string): Promise<boolean> {
    const same = (await this.registry.all()).filter((record) => taskOf(record.workspaceId) === taskOf(workspaceId));
    const closed = await Promise.all(same.map((record) => this.close(cascadeId, record.workspaceId)));
    return closed.includes(true);
  }

  /** Removes a cascade's refs from every cache; gives their number. The result branch in the user's repository stays. */
  async removeRefs(cascadeId: string, signal?: AbortSignal): Promise<number> {
    let refs = 0;
    for (const repository of await this.cache.all()) refs += await removeCascadeRefs(repository, cascadeId, signal);
    return refs;
  }

  /** Removes all workspaces and refs of a cascade. */
  async cleanUp(cascadeId: string, signal?: AbortSignal): Promise<{ workspaces: number; refs: number }> {
    let workspaces = 0;
    for (const record of await this.registry.all()) {
      if (record.cascadeId === cascadeId && await this.close(cascadeId, record.workspaceId)) workspaces += 1;
    }
    return { workspaces, refs: await this.removeRefs(cascadeId, signal) };
  }

  /** Clears what killed processes left: half-made workspaces, folders that no record names, and the trash. */
  async recover(): Promise<string[]> {
    const removed: string[] = [];
    for (const record of await this.registry.all()) {
      if (wasCutShort(record) && await this.close(record.cascadeId, record.workspaceId)) removed.push(record.workspaceId);
    }
    const known = new Set((await this.registry.all()).map(({ workspaceId }) => workspaceId));
    for (const name of await readdir(this.root).catch(() => [])) {
      if (!workspaceIdPattern.test(name) || known.has(name)) continue;
      await this.trash.put(join(this.root, name));
      removed.push(name);
    }
    await this.trash.empty();
    return removed;
  }

  /** Resolves when everything that was closed is also deleted. */
  async settled(): Promise<void> {
    await this.trash.settled();
  }
}
