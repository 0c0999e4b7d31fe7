import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SourceReader } from '../facts/source-reader.js';
import { RowStore } from '../graph/testing/row-store.js';
import type { IndexedFile } from './indexed-file.js';
import { ScopeGraph } from './scope-graph.js';
import { randomHistory } from './testing/random-files.js';

const scope = { repository: 'shop', branch: 'main' };

describe('ScopeGraph', () => {
  let reader: SourceReader;
  beforeAll(async () => { reader = await SourceReader.open(); });
  afterAll(() => reader.close());

  const read = ({ path, text }: { path: string; text: string }): IndexedFile => ({ path, blob: text, facts: reader.read(path, Buffer.from(text)) });

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
