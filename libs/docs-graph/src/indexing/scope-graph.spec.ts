import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { SourceReader } from '../facts/source-reader.js';
import { RowStore } from '../graph/testing/row-store.js';
import { LinkResolver } from '../resolve/link-resolver.js';
import type { IndexedFile } from './indexed-file.js';
import { ScopeGraph } from './scope-graph.js';
import { randomHistory } from './testing/random-files.js';

const scope = { repository: 'shop', branch: 'main' };

describe('ScopeGraph', () => {
  let reader: SourceReader;
  beforeAll(async () => { reader = await SourceReader.open(); });
  afterAll(() => reader.close());

  const read = ({ path, text }: { path: string; text: string }): IndexedFile => ({ path, blob: text, facts: reader.read(path, Buffer.from(text)) });

  it('looks again only at the files that asked for what changed', () => {
    const shop = (names: string): IndexedFile => read({ path: 'shop.ts', text: names.split(' ').map((name) => `export function ${name}() {}\n`).join('') });
    const users = ['open', 'close', 'sell', 'lock'].map((name) => read({ path: `${name}.ts`, text: `import { ${name} } from './barrel';\nexport class Use_${name} { run() { ${name}(); } }\n` }));
    const graph = new ScopeGraph(scope, [shop('open close sell'), read({ path: 'barrel.ts', text: "export * from './shop';" }), ...users]);
    const looked = jest.spyOn(LinkResolver.prototype, 'source');
    const change = (names: string): string[] => {
      looked.mockClear();
      graph.change({ put: [shop(names)], remove: [] });
      return looked.mock.calls.map(([{ path }]) => path).sort();
    };
    expect(change('open sell')).toEqual(['close.ts', 'shop.ts']);
    expect(change('open sell lock')).toEqual(['lock.ts', 'shop.ts']);
    expect(change('open sell lock other')).toEqual(['shop.ts']);
    looked.mockRestore();
  });

  it('follows what becomes a class under the name of a function', () => {
    const files = ['pub fn sell_all() {}', 'pub struct sell_all;'].map((text) => read({ path: 'shop.rs', text }));
    const page = read({ path: 'README.md', text: 'Use `sell_all`.' });
    const graph = new ScopeGraph(scope, [page, ...files.slice(0, 1)]);
    expect(graph.change({ put: files.slice(1), remove: [] }).writtenEdges).toContainEqual(expect.objectContaining({ table: 'DOCUMENTS', toTable: 'Class' }));
  });

  it('gives after any commits the rows of its files put in one go', () => {
    fc.assert(fc.property(randomHistory, ({ first, commits }) => {
      const files = new Map(first.map((file) => [file.path, read(file)]));
      const graph = new ScopeGraph(scope, files.values());
      const store = RowStore.of(graph.slices());
      for (const { write, edit, remove, rename } of commits) {
        const paths = [...files.keys()];
        const pick = (at: number): string[] => (paths.length === 0 ? [] : [paths[at % paths.length] ?? '']);
        const removed = new Set(remove.flatMap(pick));
        const put = new Map(write.map((file) => [file.path, read(file)]));
        for (const { at, texts } of edit) {
          for (const path of pick(at)) {
            const text = new Map(Object.entries(texts)).get(path.slice(path.lastIndexOf('.') + 1));
            if (text !== undefined) put.set(path, read({ path, text }));
          }
        }
        for (const { from, to } of rename) {
          for (const path of pick(from)) {
            const moved = to + path.slice(path.lastIndexOf('/') + 1);
            removed.add(path);
            put.set(moved, read({ path: moved, text: files.get(path)?.blob ?? '' }));
          }
        }
        store.apply(graph.change({ put: [...put.values()], remove: [...removed] }));
        for (const path of removed) files.delete(path);
        for (const file of put.values()) files.set(file.path, file);
        expect(store.rows()).toEqual(RowStore.of(new ScopeGraph(scope, [...files.values()].reverse()).slices()).rows());
        expect(store.rows()).toEqual(RowStore.of(graph.slices()).rows());
      }
    }), { seed: 31, numRuns: 60 });
  });
});
