import { terminal } from '@cascade/contracts';
import { messageOf, pickedTree } from './cherry-pick.js';
import { commitTree, writeCommit } from './commit-writer.js';
import { changesDepend, type WorkspacePlace } from './workspace-driver.js';
import { readWorkspaceFiles } from './workspace-files.js';

interface Branch {
  readonly name: string;
  readonly above: string | undefined;
  /** Oldest first. */
  readonly commits: readonly string[];
}

interface Standing {
  /** A commit with what the files showed when something was committed last: all branches together. */
  readonly shown: string;
  readonly branches: readonly Branch[];
}

/**
 * The branches of one worktree. They are objects in the cache and a list in memory: each change makes a new list, so a
 * refusal leaves everything where it was, and taking one back is the list before.
 */
export class WorktreeBranches {
  private readonly history: Standing[] = [];
  private standing: Standing;
  private readonly assigned = new Map<string, string>();

  constructor(private readonly place: WorkspacePlace, private readonly base: string) {
    this.standing = { shown: base, branches: [] };
  }

  create(name: string, above: string | undefined): void {
    if (this.standing.branches.some((branch) => branch.name === name)) throw terminal('CASC_BRANCH_EXISTS', `The workspace has a branch ${name} already.`);
    this.requireFree(above);
    this.change({ ...this.standing, branches: [...this.standing.branches, { name, above, commits: [] }] });
  }

  assign(paths: readonly string[], name: string): void {
    this.find(name);
    for (const path of paths) this.assigned.set(path, name);
  }

  async commit(name: string, message: string, signal?: AbortSignal): Promise<string> {
    const { repository, path } = this.place;
    this.find(name);
    const paths = [...this.assigned].filter(([, branch]) => branch === name).map(([file]) => file);
    const shown = await writeCommit(repository, this.standing.shown, await readWorkspaceFiles(path, paths), message, { workTree: path, signal });
    if (shown.changed.length === 0) return this.tip(this.standing.branches, name);
    const commit = await this.pick(shown.sha, this.tip(this.standing.branches, name), name, message, signal);
    const branches = this.standing.branches.map((branch) => branch.name === name ? { ...branch, commits: [...branch.commits, commit] } : branch);
    this.change({ shown: shown.sha, branches: await this.rebuilt(branches, signal) });
    for (const file of paths) this.assigned.delete(file);
    return commit;
  }

  async move(name: string, above: string | undefined, signal?: AbortSignal): Promise<void> {
    const moved = this.find(name);
    this.requireFree(above);
    const branches = this.standing.branches.map((branch) => {
      if (branch === moved) return { ...branch, above };
      return branch.above === name ? { ...branch, above: moved.above } : branch;
    });
    this.change({ ...this.standing, branches: await this.rebuilt(branches, signal) });
  }

  undo(): void {
    const before = this.history.pop();
    if (before === undefined) throw terminal('CASC_NOTHING_TO_UNDO', 'Nothing was done in this workspace that could be taken back.');
    this.standing = before;
  }

  tipOf(name: string): string {
    this.find(name);
    return this.tip(this.standing.branches, name);
  }

  private change(next: Standing): void {
    this.history.push(this.standing);
    this.standing = next;
  }

  private find(name: string): Branch {
    const found = this.standing.branches.find((branch) => branch.name === name);
    if (found === undefined) throw terminal('CASC_BRANCH_NOT_FOUND', `The workspace has no branch ${name}.`);
    return found;
  }

  private requireFree(above: string | undefined): void {
    if (above === undefined) return;
    this.find(above);
    if (this.standing.branches.some((branch) => branch.above === above)) throw terminal('CASC_BRANCH_BLOCKED', `Another branch stands on ${above}.`);
  }

  private tip(branches: readonly Branch[], name: string): string {
    const branch = branches.find((one) => one.name === name);
    return branch?.commits.at(-1) ?? (branch?.above === undefined ? this.base : this.tip(branches, branch.above));
  }

  /** Every branch on what is below it now, from the base upwards; what stands right already stays as it is. */
  private async rebuilt(branches: readonly Branch[], signal?: AbortSignal): Promise<Branch[]> {
    const done: Branch[] = [];
    const stack = async (above: string | undefined, onto: string): Promise<void> => {
      for (const branch of branches.filter((one) => one.above === above)) {
        const commits: string[] = [];
        for (const commit of branch.commits) commits.push(await this.put(commit, commits.at(-1) ?? onto, branch.name, signal));
        done.push({ ...branch, commits });
        await stack(branch.name, commits.at(-1) ?? onto);
      }
    };
    await stack(undefined, this.base);
    return done;
  }

  private async put(commit: string, onto: string, name: string, signal?: AbortSignal): Promise<string> {
    const { repository } = this.place;
    if (await repository.readRef(`${commit}^1`, signal) === onto) return commit;
    return await this.pick(commit, onto, name, await messageOf(repository, commit, signal), signal);
  }

  private async pick(commit: string, onto: string, name: string, message: string, signal?: AbortSignal): Promise<string> {
    const { repository } = this.place;
    const tree = await pickedTree(repository, commit, onto, signal);
    if (tree === undefined) throw changesDepend(name);
    return await commitTree(repository, tree, [onto], message, signal);
  }
}
