import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { KeyedMutex } from '@cascade/git';
import type { HostConfig } from '@cascade/service-host';
import { FactCache, openGraphStore, ParsePool, scopeId, sliceState, VectorCache, type Embedder, type FilesChange, type FileSlice, type GraphStore, type IndexedFile, type Scope } from '@cascade/docs-graph';
import { BranchVectors, type Embeddings } from './branch-vectors.js';
import { IndexedBranch, type ReadFacts } from './indexed-branch.js';
import { MAX_NODES, tooLarge } from './read-size.js';
import { ScopeRecords } from './scope-records.js';

/** Branches that are kept; those not used for longest go, also when all have more nodes than MAX_NODES. */
export const MAX_BRANCHES = 24;
/** More nodes than these go into the store in bulk, together with all other branches; fewer in one transaction. */
const BULK_NODES = 5_000;
/** What the engine keeps of the database; questions are answered from our own memory. */
const BUFFER_POOL_BYTES = 128 * 1024 * 1024;
const WRITING = 'writing';

/** Facts of a stored branch, by the repository that they are of. */
export type FactsOf = (repositoryId: string) => ReadFacts;

/** What makes vectors, and the name of the model that does. */
export type ModelEmbedder = Embedder & { readonly model: string };

/** Vectors of different models have nothing to do with each other: each model's have a file of their own. */
function openEmbeddings(folder: string, embedder: ModelEmbedder | undefined): Embeddings | undefined {
  if (embedder === undefined) return undefined;
  const name = createHash('sha256').update(embedder.model).digest('hex').slice(0, 16);
  return { embedder, cache: VectorCache.open(join(folder, 'vectors', `${name}.log`)) };
}

/** Everything that is indexed: the graph on disk, and what answers from memory. */
export class Documentation {
  private readonly branches = new Map<string, IndexedBranch>();
  private readonly locks = new KeyedMutex();
  private readonly logger = new Logger('docs-indexer');

  private readonly closing = new AbortController();

  private constructor(readonly store: GraphStore, readonly facts: FactCache, readonly parsers: ParsePool, readonly records: ScopeRecords, private readonly embeddings: Embeddings | undefined) {}

  /** Throws what opening the store throws: above all `CASC_GRAPH_IN_USE` where another process owns the folder. */
  static async open(folder: string, engine: HostConfig['graphEngine'], embedder?: ModelEmbedder): Promise<Documentation> {
    await mkdir(folder, { recursive: true });
    const store = await openGraphStore({ engine, folder: join(folder, 'graph'), bufferPoolBytes: BUFFER_POOL_BYTES });
    const documentation = new Documentation(store, FactCache.open(join(folder, 'facts')), new ParsePool(), await ScopeRecords.open(join(folder, 'branches.json')), openEmbeddings(folder, embedder));
    await documentation.check();
    return documentation;
  }

  /** Branches of which rows were lost are taken out of the graph: they are indexed again, as those of a graph begun anew. */
  private async check(): Promise<void> {
    if (this.store.begunAnew !== undefined) this.logger.warn(`the graph is made again: ${this.store.begunAnew}`);
    const damaged = new Map((await this.store.damaged()).map(({ repository, branch }) => [scopeId({ repository, branch }), { repository, branch }]));
    for (const [id, scope] of damaged) {
      this.logger.warn(`the graph of ${id} lost rows when the process before was ended, and is made again`);
      await this.store.removeScope(scope);
    }
    for (const record of this.records.all()) this.branch(record).isLost = true;
    for (const stored of await this.store.scopes()) Object.assign(this.branch(stored), { commit: stored.commit, isLost: false });
  }

  branch(scope: Scope): IndexedBranch {
    const id = scopeId(scope);
    const known = this.branches.get(id);
    if (known !== undefined) return known;
    const vectors = this.embeddings === undefined ? undefined : new BranchVectors(this.embeddings, this.closing.signal);
    const made = new IndexedBranch({ repository: scope.repository, branch: scope.branch }, this.store, vectors);
    this.branches.set(id, made);
    return made;
  }

  /** Runs work on the branches of one repository, one after the other. */
  withRepository<T>(repositoryId: string, work: () => Promise<T>): Promise<T> {
    return this.locks.run(repositoryId, work);
  }

  /** Writes a commit's changes, for a branch that is loaded; gives whether there were any. Graphs change one after the other. */
  change(branch: IndexedBranch, commit: string, files: FilesChange): Promise<boolean> {
    return this.locks.run(WRITING, () => branch.change(commit, files));
  }

  /** Writes all files of a commit. Throws `CASC_DOCS_TOO_LARGE` and what the store throws. */
  async replace(branch: IndexedBranch, commit: string, files: readonly IndexedFile[], factsOf: FactsOf): Promise<void> {
    await this.locks.run(WRITING, () => branch.replace(commit, files, async (slices) => {
      const nodes = slices.reduce((sum, slice) => sum + slice.nodes.length, 0);
      if (nodes > MAX_NODES) throw tooLarge(`${nodes} documented things; ${MAX_NODES}`);
      await this.makeRoom(branch, nodes);
      await (nodes > BULK_NODES ? this.rebuild(branch, commit, slices, factsOf) : this.insert(branch.scope, commit, slices));
    }));
    branch.isLost = false;
  }

  /** Notes that a branch was indexed, from where, and whether it is the one that is meant when none is named. */
  async indexed(scope: Scope, address: string, isNamed: boolean): Promise<void> {
    const known = this.records.find(scope.repository, scope.branch);
    await this.records.put({ ...scope, address, isDefault: !isNamed || known?.isDefault === true, usedAt: Date.now() });
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.parsers.close();
    for (const { vectors } of this.branches.values()) await vectors?.settled();
    this.embeddings?.cache.close();
    await this.locks.run(WRITING, () => this.store.close());
    this.facts.close();
  }

  private async insert(scope: Scope, commit: string, slices: readonly FileSlice[]): Promise<void> {
    await this.store.removeScope(scope);
    await this.store.apply(scope, commit, {
      removedSlices: [], removedEdges: [], removedNodes: [], writtenSlices: slices.map(sliceState),
      writtenNodes: slices.flatMap(({ nodes }) => nodes), writtenEdges: slices.flatMap(({ edges }) => edges),
    });
  }

  /** A branch that cannot be loaded is left out: it is indexed again when it is asked for. */
  private async rebuild(branch: IndexedBranch, commit: string, slices: readonly FileSlice[], factsOf: FactsOf): Promise<void> {
    const others: IndexedBranch[] = [];
    for (const scope of await this.store.scopes()) {
      const other = this.branch(scope);
      if (other === branch) continue;
      if (await other.load(factsOf(scope.repository)).catch(() => false)) others.push(other);
      else other.isLost = true;
    }
    await this.store.rebuild([
      ...others.map((other) => ({ ...other.scope, commit: other.commit!, slices: other.slices() })),
      { ...branch.scope, commit, slices },
    ]);
  }

  private async makeRoom(wanted: IndexedBranch, nodes: number): Promise<void> {
    const kept = this.records.all().map((record) => this.branch(record)).filter((branch) => branch !== wanted);
    let room = MAX_NODES - nodes;
    for (const [index, branch] of kept.entries()) {
      room -= branch.nodes;
      if (index + 1 < MAX_BRANCHES && room >= 0) continue;
      this.logger.log(`${scopeId(branch.scope)} was not used for longest, and makes room`);
      await this.store.removeScope(branch.scope);
      await this.records.remove(branch.scope);
      this.branches.delete(scopeId(branch.scope));
    }
  }
}
