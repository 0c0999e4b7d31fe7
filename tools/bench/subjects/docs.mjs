// The indexer's parts as the service puts them together, on a tree of files; and its questions on a graph of a given size.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DocsReadModel, FactCache, isReadable, openGraphStore, ParsePool, ScopeGraph } from '@cascade/docs-graph';
import { SyntheticScope } from '../../../libs/docs-graph/dist/questions/testing/synthetic-scope.js';
import { additions } from '../docs/additions.mjs';
import { filesBelow } from '../docs/facts.mjs';

const scope = { repository: 'corpus', branch: 'main' };
const KUZU = { engine: 'kuzu', bufferPoolBytes: 256 * 2 ** 20 };
const QUESTIONS = 2_000;

/** Git's id of a blob. */
const blobOf = (bytes) => createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

/** `only` these folders of the tree; all when there are none. */
export const indexer = (tree, { only }) => new Indexer(tree, only);

class Indexer {
  constructor(tree, only) {
    this.tree = tree;
    this.names = filesBelow(tree).filter((name) => isReadable(name) && (only.length === 0 || only.includes(name.split(path.sep)[0])));
    this.pool = new ParsePool();
  }

  *files() {
    for (const name of this.names) {
      const bytes = readFileSync(path.join(this.tree, name));
      yield { path: name, blob: blobOf(bytes), bytes };
    }
  }

  /** Reads and parses all files and lets the facts go. */
  async parse() {
    let functions = 0;
    for await (const { facts } of this.pool.read(this.files())) functions += facts.status === 'source' ? facts.functions.length : 0;
    return functions;
  }

  /** From nothing to where every question can be answered and everything is on disk. */
  async index() {
    this.folder = mkdtempSync(path.join(os.tmpdir(), 'cascade-bench-docs-'));
    this.cache = FactCache.open(path.join(this.folder, 'facts'));
    const files = [];
    for await (const { json, ...file } of this.pool.read(this.files())) {
      if (json !== undefined) this.cache.put(file.blob, file.path, json);
      files.push(file);
    }
    this.graph = new ScopeGraph(scope, files);
    const slices = [...this.graph.slices()];
    this.store = await openGraphStore({ ...KUZU, folder: path.join(this.folder, 'graph') });
    this.model = new DocsReadModel(scope);
    await Promise.all([this.store.rebuild([{ ...scope, commit: '1', slices }]), this.model.loadBeside(slices)]);
    return { functions: this.model.stats().functions, rss: process.memoryUsage().rss };
  }

  /** Milliseconds from the bytes of one file with a new function in it until it is on disk and is found, file by file. */
  async change(picked) {
    const times = [];
    for (const [number, at] of picked.entries()) {
      const name = this.names[at % this.names.length];
      const added = additions[path.extname(name)] ?? ((word) => `\n\n# ${word}\n`);
      const bytes = Buffer.concat([readFileSync(path.join(this.tree, name)), Buffer.from(added(`bench_added_${number}`))]);
      const begin = performance.now();
      const put = [];
      for await (const file of this.pool.read([{ path: name, blob: blobOf(bytes), bytes }])) put.push(file);
      const change = this.graph.change({ put, remove: [] });
      await this.store.apply(scope, String(number + 2), change);
      this.model.apply(change);
      const [found] = this.model.search(`bench_added_${number}`, 1);
      times.push({ ms: performance.now() - begin, isFound: found !== undefined });
    }
    return times;
  }

  /** A tree in which nothing changed: every file is hashed and compared with what is indexed. Gives how many differ. */
  unchanged() {
    const known = new Map([...this.graph.files()].map((file) => [file.path, file.blob]));
    return [...this.files()].filter(({ path: name, blob }) => known.has(name) && known.get(name) !== blob).length;
  }

  /** Lets the index go; the threads stay. */
  async forget() {
    await this.store?.close();
    this.cache?.close();
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
    [this.folder, this.cache, this.graph, this.store, this.model] = [];
  }

  async close() {
    await this.forget();
    await this.pool.close();
  }
}

/** Milliseconds per question of each kind, on functions and calls of a made-up repository. */
export function questions() {
  let synthetic;
  let model;
  return {
    load(functions, callsPerFunction) {
      synthetic = new SyntheticScope({ functions, callsPerFunction, vocabulary: 8_000 }, 7);
      model = new DocsReadModel(synthetic.scope);
      model.load(synthetic.slices());
      globalThis.gc?.();
      return { ...model.stats(), rss: process.memoryUsage().rss };
    },
    ask(kind) {
      const ids = Array.from({ length: QUESTIONS }, (_, at) => synthetic.functionId((at * 7_919) % synthetic.size.functions));
      const kinds = {
        lookup: (id) => model.describe(id),
        hops: (id) => model.dependencies(id, 3),
        impact: (id) => model.impact(id, 6),
        search: () => model.search(synthetic.sentence(4), 10),
      };
      return ids.map((id) => {
        const begin = performance.now();
        kinds[kind](id);
        return performance.now() - begin;
      });
    },
  };
}
