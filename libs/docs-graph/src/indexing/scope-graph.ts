import { type FileLinks } from '../graph/file-links.js';
import { fileRows } from '../graph/file-rows.js';
import { folderOf } from '../graph/folder-of.js';
import { type Scope, scopeId } from '../graph/graph-ids.js';
import type { FileSlice, GraphChange } from '../graph/graph-rows.js';
import { Packages } from '../graph/packages.js';
import { RowChanges } from '../graph/row-changes.js';
import { resolveCalls } from '../resolve/resolve-calls.js';
import type { FilesChange, IndexedFile } from './indexed-file.js';

/**
 * The graph of one branch of one repository: the facts of its files, and what they mean together. Rows are made when they
 * are asked for. After any changes the rows are those of the same files put in one go.
 */
export class ScopeGraph {
  private readonly indexed = new Map<string, IndexedFile>();
  private packages: Packages;
  private links = new Map<string, FileLinks>();

  constructor(readonly scope: Scope, files: Iterable<IndexedFile> = []) {
    this.packages = new Packages(scope);
    for (const file of files) this.put(file);
    this.resolve();
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
    return file === undefined ? undefined : fileRows(scopeId(this.scope), file, this.links.get(path) ?? none, this.packages.name(folderOf(path)));
  }

  /** Takes the changed files over, and gives the rows that differ because of it: theirs, and those of files that speak of them. */
  change({ put, remove }: FilesChange): GraphChange {
    const before = new Map([...this.slices()].map((slice) => [slice.path, slice]));
    for (const path of remove) this.remove(path);
    for (const file of put) this.put(file);
    this.resolve();
    const after = new Map([...this.slices()].map((slice) => [slice.path, slice]));
    const changes = new RowChanges();
    for (const path of new Set([...before.keys(), ...after.keys()])) changes.add(before.get(path), after.get(path));
    return changes;
  }

  private put(file: IndexedFile): void {
    this.remove(file.path);
    // What no language knows is no part of the graph; what a language knows and could not be read is, so that it is counted.
    if (file.facts.status === 'skipped' && file.facts.reason === 'unsupported') return;
    this.indexed.set(file.path, file);
    this.packages.add(file);
  }

  private remove(path: string): void {
    if (this.indexed.delete(path)) this.packages.remove(path);
  }

  private resolve(): void {
    this.links = new Map();
    const classes = new Set<string>();
    const sources = [...this.indexed.values()].flatMap(({ facts }) => (facts.status === 'source' ? [facts] : []));
    for (const { path, classes: own } of sources) for (const { key } of own) classes.add(`${path}\n${key}`);
    const byPath = Map.groupBy(resolveCalls(sources).filter(({ from }) => from.key !== ''), ({ from }) => from.path);
    for (const [path, calls] of byPath) {
      const first = new Map(calls.reverse().map((call) => [`${call.from.key}\n${call.to.path}\n${call.to.key}`, call]));
      const links = [...first.values()].map(({ from, to, confidence, line }) => ({
        table: 'DEPENDS_ON' as const, fromKey: from.key, to, toTable: classes.has(`${to.path}\n${to.key}`) ? 'Class' as const : 'Function' as const, confidence, line,
      }));
      this.links.set(path, { ...none, links });
    }
  }
}

const none: FileLinks = { links: [], imports: new Map(), classes: new Map(), methods: new Map() };
