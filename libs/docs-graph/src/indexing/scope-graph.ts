import type { FileFacts, SourceFacts } from '../facts/file-facts.js';
import type { FileLinks } from '../graph/file-links.js';
import { fileRows } from '../graph/file-rows.js';
import { folderOf } from '../graph/folder-of.js';
import { type Scope, scopeId } from '../graph/graph-ids.js';
import type { FileSlice, GraphChange } from '../graph/graph-rows.js';
import { Packages } from '../graph/packages.js';
import { RowChanges } from '../graph/row-changes.js';
import { LinkResolver, noLinks } from '../resolve/link-resolver.js';
import { Manifests } from '../resolve/manifests.js';
import { stemOf } from '../resolve/module-files.js';
import type { Reads } from '../resolve/reads.js';
import type { FilesChange, IndexedFile } from './indexed-file.js';

/**
 * The graph of one branch of one repository: the facts of its files, and what they mean together. Rows are made when they
 * are asked for. After any changes the rows are those of the same files put in one go; a change costs what it changes,
 * because each file's lookups are remembered, and only those whose answers changed are made again.
 */
export class ScopeGraph {
  private readonly id: string;
  private readonly indexed = new Map<string, IndexedFile>();
  private readonly links = new Map<string, FileLinks>();
  private readonly packages: Packages;
  private readonly resolver = new LinkResolver();

  constructor(readonly scope: Scope, files: Iterable<IndexedFile> = []) {
    this.id = scopeId(scope);
    this.packages = new Packages(scope);
    for (const file of files) this.put(file);
    this.readManifests();
    for (const path of this.indexed.keys()) this.resolve(path);
  }

  /** What is indexed now: enough to say what a new commit changes. */
  files(): Iterable<Pick<IndexedFile, 'path' | 'blob'>> {
    return this.indexed.values();
  }

  /** Every row: the packages first, then one slice per file, in the order of the paths. */
  *slices(): Generator<FileSlice> {
    yield this.packages.slice();
    for (const path of [...this.indexed.keys()].sort()) {
      const slice = this.slice(path);
      if (slice !== undefined) yield slice;
    }
  }

  slice(path: string): FileSlice | undefined {
    const file = this.indexed.get(path);
    return file === undefined ? undefined : fileRows(this.id, file, this.links.get(path) ?? noLinks, this.packages.name(folderOf(path)));
  }

  /**
   * Takes the changed files over (removals first), and gives the rows that differ because of it: theirs, and those of files
   * that speak of them. A manifest that says something else may change what any file means: then all are looked through.
   */
  change({ put, remove }: FilesChange): GraphChange {
    const paths = new Set([...remove, ...put.map(({ path }) => path)]);
    const changes = new RowChanges();
    const manifests = this.changesManifests(put, paths);
    const packages = this.packages.slice();
    const before = new Map([...paths, ...manifests ? this.indexed.keys() : []].map((path) => [path, this.slice(path)]));
    const affected = this.replace(put, remove, paths);
    if (manifests) this.readManifests();
    changes.add(packages, this.packages.slice());
    for (const path of manifests ? new Set([...before.keys(), ...this.indexed.keys()]) : new Set([...paths, ...affected])) {
      const was = before.has(path) ? before.get(path) : this.slice(path);
      this.resolve(path);
      changes.add(was, this.slice(path));
    }
    return changes;
  }

  /** Puts and removes; gives the files that looked something up which has another answer now. */
  private replace(put: readonly IndexedFile[], remove: readonly string[], paths: ReadonlySet<string>): Set<string> {
    const { index } = this.resolver;
    const old = sourcesOf([...paths].flatMap((path) => this.indexed.get(path) ?? []));
    const existed = new Set([...paths].filter((path) => this.indexed.has(path)));
    const before = index.answers(paths, sourcesOf(put));
    for (const path of remove) this.remove(path);
    for (const file of put) this.put(file);
    const affected = new Set<string>();
    const reach = (...lookup: Parameters<Reads['readersOf']>): void => { for (const path of this.resolver.reads.readersOf(...lookup)) affected.add(path); };
    for (const [id, { kind, key, name, answer }] of index.answers(paths, old)) if (before.get(id)?.answer !== answer) reach(kind, key, name);
    for (const path of paths) {
      if (existed.has(path) === this.indexed.has(path)) continue;
      reach('stem', stemOf(path));
      reach('folder', folderOf(path));
    }
    return affected;
  }

  private put(file: IndexedFile): void {
    this.remove(file.path);
    const { path, facts } = file;
    // What no language knows is no part of the graph; what a language knows and could not be read is, so that it is counted.
    if (facts.status === 'skipped' && facts.reason === 'unsupported') return;
    this.indexed.set(path, file);
    this.packages.add(file);
    this.resolver.modules.add(path);
    if (facts.status === 'source') this.resolver.index.add(facts);
  }

  private remove(path: string): void {
    if (!this.indexed.delete(path)) return;
    this.packages.remove(path);
    this.resolver.modules.remove(path);
    this.resolver.index.remove(path);
  }

  private resolve(path: string): void {
    const facts = this.indexed.get(path)?.facts;
    if (facts?.status !== 'source' && facts?.status !== 'document') {
      this.links.delete(path);
      this.resolver.reads.forget(path);
      return;
    }
    this.links.set(path, facts.status === 'source' ? this.resolver.source(facts) : this.resolver.document(facts));
  }

  private changesManifests(put: readonly IndexedFile[], paths: ReadonlySet<string>): boolean {
    const next = new Map(put.map(({ path, facts }) => [path, meaning(facts)]));
    return [...paths].some((path) => (next.get(path) ?? '') !== meaning(this.indexed.get(path)?.facts));
  }

  private readManifests(): void {
    this.resolver.modules.manifests = new Manifests([...this.indexed.values()].flatMap(({ facts }) => (facts.status === 'manifest' ? [facts] : [])));
  }
}

const sourcesOf = (files: readonly IndexedFile[]): SourceFacts[] => files.flatMap(({ facts }) => (facts.status === 'source' ? [facts] : []));

/** What of a manifest other files depend on; empty for all other files. */
function meaning(facts: FileFacts | undefined): string {
  return facts?.status === 'manifest' ? JSON.stringify([facts.kind, facts.name, facts.base, facts.extends, facts.targets]) : '';
}
