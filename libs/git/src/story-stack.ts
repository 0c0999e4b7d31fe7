import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isCascadeError, terminal } from '@cascade/contracts';
import type { CachedRepository } from './cached-repository.js';
import { messageOf, pickedTree } from './cherry-pick.js';
import { changedPaths, commitTree } from './commit-writer.js';
import { mergeCommit } from './merge.js';
import { changesDepend, type WorkspaceDriver, type WorkspacePlace } from './workspace-driver.js';

/** The work of one unit of a story. */
export interface StoryChange {
  /** Branch that it is to have. */
  readonly branch: string;
  /** Its tasks, as its commits' `Task` trailers name them. */
  readonly tasks: readonly string[];
  /** Its newest commit. */
  readonly commit: string;
  /** Branches of units before it that it builds on. */
  readonly dependsOn: readonly string[];
}

/** One branch of a story, to be read by people. */
export interface StoryBranch {
  readonly branch: string;
  readonly sha: string;
  /** The branch that it stands on; absent: the commit that the story started from. */
  readonly above?: string;
}

/** Bound of the commits of one unit. */
const MAX_COMMITS = 50;

/** A unit's commits, oldest first: those at the end of its line that carry the trailer of one of its tasks. */
export async function commitsOf(repository: CachedRepository, { tasks, commit }: Pick<StoryChange, 'tasks' | 'commit'>, signal?: AbortSignal): Promise<string[]> {
  const { text } = await repository.git(['log', '-z', '--first-parent', `--max-count=${MAX_COMMITS}`, '--format=%H %P%n%(trailers:key=Task,valueonly)', commit], { signal });
  const lines = text.split('\0').map((entry) => ({ shas: (entry.split('\n')[0] ?? '').split(' '), named: entry.split('\n').slice(1).map((line) => line.trim()) }));
  const end = lines.findIndex(({ shas, named }) => shas.length !== 2 || !named.some((task) => tasks.includes(task)));
  return lines.slice(0, end < 0 ? lines.length : end).map(({ shas }) => shas[0] ?? '').toReversed();
}

/**
 * Spreads a story over branches in an open workspace: one a unit, on the base or, when it builds on others, on top of
 * them; a stack for each chain. The units' commits are replayed as they were, test before code.
 */
export class StoryStack {
  /** What each branch stands on. */
  private readonly above = new Map<string, string | undefined>();
  private readonly touched = new Map<string, Set<string>>();
  /** A commit with what the workspace shows. */
  private shown: string;

  constructor(private readonly driver: WorkspaceDriver, private readonly place: WorkspacePlace, base: string, private readonly signal?: AbortSignal) {
    this.shown = base;
  }

  /** Adds a unit; those that it depends on come before it. Throws `CASC_CHANGES_DEPEND` when its work cannot be told apart from others'. */
  async add(change: StoryChange, commits: readonly string[]): Promise<void> {
    const { branch } = change;
    const below = await this.joined(change.dependsOn);
    await this.driver.createBranch(this.place, branch, below);
    this.above.set(branch, below);
    this.touched.set(branch, new Set());
    for (const commit of commits) await this.replay(branch, commit);
  }

  /** The branches in the cache, as `refOf` names them. Throws `CASC_STORY_NOT_SPREAD` when together they are not the story. */
  async finish(refOf: (branch: string) => string): Promise<StoryBranch[]> {
    const branches: StoryBranch[] = [];
    for (const [branch, above] of this.above) {
      const sha = await this.driver.push(this.place, branch, refOf(branch), this.signal);
      branches.push({ branch, sha, ...(above === undefined ? {} : { above }) });
    }
    await this.checkWhole(branches.filter(({ branch }) => this.onTopOf(branch) === undefined).map(({ sha }) => sha));
    return branches;
  }

  private async replay(branch: string, commit: string): Promise<void> {
    const { repository } = this.place;
    const tree = await pickedTree(repository, commit, this.shown, this.signal);
    if (tree === undefined) throw changesDepend(branch);
    const message = await messageOf(repository, commit, this.signal);
    const next = await commitTree(repository, tree, [this.shown], message, this.signal);
    const paths = await changedPaths(repository, this.shown, next, this.signal);
    if (paths.length === 0) return;
    await showTree(this.place, this.shown, next, this.signal);
    await this.driver.assign(this.place, paths, branch);
    await this.commit(branch, message, paths);
    for (const path of paths) this.touched.get(branch)?.add(path);
    this.shown = next;
  }

  /** What the plan does not say may still be so: changes that build on another stack's are put on top of it. */
  private async commit(branch: string, message: string, paths: readonly string[]): Promise<void> {
    const others = this.tops().filter((top) => top !== branch).toSorted((a, b) => Number(this.touches(b, paths)) - Number(this.touches(a, paths)));
    for (;;) {
      try {
        await this.driver.commit(this.place, branch, message, this.signal);
        return;
      } catch (error) {
        const other = others.shift();
        if (other === undefined || !isCascadeError(error) || error.code !== 'CASC_CHANGES_DEPEND') throw error;
        await this.putOnto(branch, other);
      }
    }
  }

  /** One stack of all that these branches are in; gives its top. */
  private async joined(branches: readonly string[]): Promise<string | undefined> {
    const [first, ...others] = [...new Set(branches.filter((branch) => this.above.has(branch)).map((branch) => this.topOf(branch)))];
    let top = first;
    for (const other of others) {
      await this.putOnto(other, top ?? other);
      top = other;
    }
    return top;
  }

  /** The stack whose top is `top`, on top of another one, branch by branch from below. */
  private async putOnto(top: string, other: string): Promise<void> {
    let below = other;
    for (const branch of this.stackBelow(top)) {
      await this.driver.move(this.place, branch, below);
      this.above.set(branch, below);
      below = branch;
    }
  }

  private stackBelow(top: string): string[] {
    const below = this.above.get(top);
    return below === undefined ? [top] : [...this.stackBelow(below), top];
  }

  private onTopOf(branch: string): string | undefined {
    return [...this.above].find(([, below]) => below === branch)?.[0];
  }

  private topOf(branch: string): string {
    const next = this.onTopOf(branch);
    return next === undefined ? branch : this.topOf(next);
  }

  private tops(): string[] {
    return [...this.above.keys()].filter((branch) => this.onTopOf(branch) === undefined);
  }

  private touches(top: string, paths: readonly string[]): boolean {
    return this.stackBelow(top).some((branch) => paths.some((path) => this.touched.get(branch)?.has(path) === true));
  }

  /** Whatever a driver did: only what adds up to the story may be shown as it. */
  private async checkWhole(tops: readonly string[]): Promise<void> {
    const { repository } = this.place;
    let whole = tops[0];
    for (const top of tops.slice(1)) {
      const merged = await mergeCommit(repository, whole ?? top, top, 'together', this.signal);
      whole = merged.kind === 'merged' ? merged.candidate : merged.kind === 'contained' ? whole : undefined;
    }
    const trees = whole === undefined ? [] : (await repository.git(['rev-parse', `${whole}^{tree}`, `${this.shown}^{tree}`], { signal: this.signal })).text.split('\n');
    if (trees.length !== 2 || trees[0] !== trees[1]) throw terminal('CASC_STORY_NOT_SPREAD', 'The branches of the story do not add up to it.');
  }
}

/** Makes the files of a workspace that shows `from` show `to`, by git itself: it follows no link and enters no `.git`. */
async function showTree({ repository, path }: WorkspacePlace, from: string, to: string, signal?: AbortSignal): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cascade-index-'));
  try {
    const options = { env: { GIT_INDEX_FILE: join(folder, 'index') }, workTree: path, signal };
    await repository.git(['read-tree', from], options);
    await repository.git(['update-index', '-q', '--refresh'], { ...options, accept: [1] });
    await repository.git(['read-tree', '-m', '-u', from, to], options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
