import { DocsReadModel, ScopeGraph, type FilesChange, type FileSlice, type GraphStore, type IndexedFile, type Scope, type StoredFile } from '@cascade/docs-graph';
import type { BranchVectors } from './branch-vectors.js';

/** The facts of stored files: from the cache, or from git for those that it lacks. */
export type ReadFacts = (files: readonly StoredFile[]) => Promise<readonly IndexedFile[]>;

/**
 * One branch of one repository: its graph, for what a commit changes, and its read model, for questions. The store is
 * written first. When that fails the graph in memory is ahead of it and is given up: the next change begins from what is
 * stored, while the read model goes on answering as of its commit.
 */
export class IndexedBranch {
  /** At which it is in the store, and the read model is. */
  commit: string | undefined;
  model: DocsReadModel | undefined;
  /** How many were in memory when it was loaded. */
  nodes = 0;
  /** A commit with changes is being indexed. */
  isChanging = false;
  /** The last indexing failed: it may be behind. */
  hasFailed = false;
  /** Its graph on disk was lost, and is made again. */
  isLost = false;
  private graph: ScopeGraph | undefined;
  private loading: Promise<boolean> | undefined;

  constructor(readonly scope: Scope, private readonly store: GraphStore, readonly vectors?: BranchVectors) {}

  /** Whether the graph is in memory, or the store had it; if not, it has to be indexed. Throws what the store and `read` throw. */
  load(read: ReadFacts): Promise<boolean> {
    if (this.graph !== undefined) return Promise.resolve(true);
    return this.loading ??= this.loadStored(read).finally(() => { this.loading = undefined; });
  }

  /** Blob by path of the loaded graph: what a new commit is compared with. */
  blobs(): ReadonlyMap<string, string> {
    return new Map([...this.graph?.files() ?? []].map(({ path, blob }) => [path, blob]));
  }

  slices(): Iterable<FileSlice> {
    return this.graph?.slices() ?? [];
  }

  /** Takes a commit's changes over, exactly the rows that differ; gives whether there were any. Throws what the store throws. */
  async change(commit: string, files: FilesChange): Promise<boolean> {
    const graph = this.graph!;
    const change = graph.change(files);
    const differs = Object.values(change).some((rows) => rows.length > 0);
    if (!differs && commit === this.commit) return false;
    try {
      await this.store.apply(this.scope, commit, change);
    } catch (error) {
      this.graph = undefined;
      throw error;
    }
    this.model?.apply(change);
    if (this.model !== undefined) this.vectors?.follow(this.model);
    this.commit = commit;
    return differs;
  }

  /** Begins anew with all files of a commit, which `write` brings into the store. */
  async replace(commit: string, files: Iterable<IndexedFile>, write: (slices: readonly FileSlice[]) => Promise<void>): Promise<void> {
    const graph = new ScopeGraph(this.scope, files);
    const slices = [...graph.slices()];
    const model = new DocsReadModel(this.scope);
    // The engine writes in a process of its own.
    await Promise.all([write(slices), model.loadBeside(slices)]);
    this.take(commit, graph, model, slices);
  }

  private take(commit: string, graph: ScopeGraph, model: DocsReadModel, slices: readonly FileSlice[]): void {
    this.graph = graph;
    this.model = model;
    this.vectors?.follow(model);
    this.nodes = slices.reduce((sum, slice) => sum + slice.nodes.length, 0);
    this.commit = commit;
  }

  private async loadStored(read: ReadFacts): Promise<boolean> {
    const stored = (await this.store.scopes()).find(({ repository, branch }) => repository === this.scope.repository && branch === this.scope.branch);
    if (stored === undefined) {
      this.commit = undefined;
      this.model = undefined;
      return false;
    }
    const graph = new ScopeGraph(this.scope, await read(await this.store.files(this.scope)));
    const slices = [...graph.slices()];
    const model = new DocsReadModel(this.scope);
    await model.loadBeside(slices);
    this.take(stored.commit, graph, model, slices);
    return true;
  }
}
