import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { removeTemporaryFolder, temporaryFolder } from '@cascade/testing';
import type { FileSlice, Scope } from '../graph/graph-rows.js';
import type { GraphStore } from './graph-store.js';
import { openGraphStore } from './open-graph-store.js';
import { changeOf, expectedFiles, packagesSlice, sampleScope as shop, sampleSlice } from './testing/sample-graph.js';
import { installedEngines, rowsOf, storedRows } from './testing/stored-rows.js';

const other: Scope = { repository: 'https://example.com/other.git', branch: 'feature/x' };
const bounds = { rows: 100, timeoutMs: 2_000 };
const awkward = 'quotes "\'`, comma\r\nnew line \\ back\\n \t NULL $x \u{1F600} \u2028 größe \u001f \u0001 {a: 1} [x]';

describe.each(installedEngines)('a graph store by %s', (engine) => {
  let folder: string;
  let store: GraphStore;
  const open = async (): Promise<GraphStore> => openGraphStore({ engine, folder, bufferPoolBytes: 64 * 2 ** 20 });
  const reopen = async (): Promise<void> => {
    await store.close();
    store = await open();
  };
  const ask = async (text: string, parameters: Record<string, string | number | boolean> = {}): Promise<unknown> => (await store.cypher(text, parameters, bounds)).rows;
  beforeEach(async () => {
    folder = temporaryFolder('graph');
    store = await open();
  });
  afterEach(async () => {
    await store.close();
    removeTemporaryFolder(folder);
  });

  it('begins empty, and says nothing of it', async () => {
    expect(store).toMatchObject({ engine, begunAnew: undefined });
    expect([await store.scopes(), await store.files(shop), await store.damaged(), await storedRows(store)]).toEqual([[], [], [], []]);
  });

  it('keeps every row of a rebuild and of changes as it was given, whatever is in it', async () => {
    const first = [packagesSlice(shop), sampleSlice(shop, 'a.ts', { text: awkward }), sampleSlice(shop, `dir with 'q"/b#1,c.ts`, { functions: 150, text: 'x'.repeat(2_000) })];
    await store.rebuild([{ ...shop, commit: 'c1', slices: first }]);
    expect(await storedRows(store)).toEqual(rowsOf(first));
    const second = [first[0]!, sampleSlice(shop, 'a.ts', { functions: 3, text: `changed ${awkward}` }), sampleSlice(shop, 'new.ts', { functions: 120, text: awkward, calls: [`${shop.repository}@main:a.ts#f2`] })];
    await store.apply(shop, 'c2', changeOf(first, second));
    expect(await storedRows(store)).toEqual(rowsOf(second));
    expect([await store.scopes(), await store.files(shop), await store.damaged()]).toEqual([[{ ...shop, commit: 'c2' }], expectedFiles(second), []]);
    await reopen();
    expect([store.begunAnew, await storedRows(store), await store.scopes(), await store.damaged()]).toEqual([undefined, rowsOf(second), [{ ...shop, commit: 'c2' }], []]);
  });

  it('replaces lone surrogates and zeros, which no engine keeps', async () => {
    await store.rebuild([{ ...shop, commit: 'c1', slices: [sampleSlice(shop, 'a.ts', { text: '\ud800 \0 x' })].map(withoutPackage) }]);
    expect(await ask('MATCH (c:Class) RETURN c.docstring')).toEqual([['\ufffd \ufffd x']]);
  });

  it('keeps scopes apart, and removes one without touching the others', async () => {
    const [ours, theirs] = [[packagesSlice(shop), sampleSlice(shop, 'a.ts')], [packagesSlice(other), sampleSlice(other, 'a.ts')]];
    await store.apply(shop, 'c1', changeOf([], ours));
    await store.apply(other, 'o1', changeOf([], theirs));
    expect(await storedRows(store)).toEqual(rowsOf([...ours, ...theirs]));
    await store.removeScope(shop);
    expect([await store.scopes(), await store.files(shop), await store.damaged(), await storedRows(store)]).toEqual([[{ ...other, commit: 'o1' }], [], [], rowsOf(theirs)]);
    await store.rebuild([{ ...shop, commit: 'c2', slices: ours }]);
    expect([await store.scopes(), await storedRows(store)]).toEqual([[{ ...shop, commit: 'c2' }], rowsOf(ours)]);
  });

  it('makes changes that are asked for at once one after the other', async () => {
    const states = Array.from({ length: 6 }, (_, index) => [packagesSlice(shop), ...Array.from({ length: index }, (__, file) => sampleSlice(shop, `${file}.ts`))]);
    await Promise.all(states.slice(1).map((slices, index) => store.apply(shop, `c${index}`, changeOf(index === 0 ? [] : states[index]!, slices))));
    expect([await store.scopes(), await storedRows(store)]).toEqual([[{ ...shop, commit: 'c4' }], rowsOf(states.at(-1)!)]);
  });

  it('finds the files whose rows are not as many as they were meant to be', async () => {
    const slices = [packagesSlice(shop), sampleSlice(shop, 'a.ts'), sampleSlice(shop, 'b.ts')];
    await store.apply(shop, 'c1', changeOf([], slices));
    const { removedNodes, removedEdges } = changeOf([sampleSlice(shop, 'b.ts')], [sampleSlice(shop, 'b.ts', { functions: 1 })]);
    await store.apply(shop, 'c1', { removedSlices: [], writtenSlices: [], removedNodes, removedEdges, writtenNodes: [], writtenEdges: [] });
    expect(await store.damaged()).toEqual([{ ...shop, path: 'b.ts' }]);
    await store.apply(shop, 'c1', { ...changeOf([], []), removedEdges: packagesSlice(shop).edges });
    expect(await store.damaged()).toEqual([{ ...shop, path: '' }, { ...shop, path: 'b.ts' }]);
  });

  it('has the tables and columns that users write queries with', async () => {
    await store.apply(shop, 'c1', changeOf([], [packagesSlice(shop), sampleSlice(shop, 'a.ts')]));
    const query = 'MATCH (p:Package)-[:CONTAINS]->(:File)-[:CONTAINS]->(f:Function)-[d:DEPENDS_ON]->(g:Function) RETURN p.name, p.path, p.repository, p.description, f.name, f.package, f.file_path, f.docstring, f.parameters, f.return_type, f.class, d.dependency_type, g.name';
    expect(await ask(query)).toEqual([['shop', '.', shop.repository, '', 'C.f0', '.', 'a.ts', ' 0', '(a: string, b = "x")', '', `${shop.repository}@main:a.ts#C`, 'call', 'C.f1']]);
    expect(await ask('MATCH (c:Class) RETURN c.name, c.package, c.file_path, c.docstring, c.methods, c.fields')).toEqual([['C', '.', 'a.ts', '', ['f0', 'f1'], []]]);
  });

  it('lets nobody else into its folder', async () => {
    await expect(open()).rejects.toMatchObject({ code: 'CASC_GRAPH_IN_USE' });
  });

  it('begins anew when the schema is of another version, the pointer or the database damaged, and says so', async () => {
    const slices = [packagesSlice(shop), sampleSlice(shop, 'a.ts')];
    const damage: readonly (readonly [RegExp, (pointer: string, database: string) => void])[] = [
      [/version 0 of the schema/, (pointer) => writeFileSync(pointer, readFileSync(pointer, 'utf8').replace(/\d+\n$/, '0\n'))],
      [/CURRENT file is damaged/, (pointer) => writeFileSync(pointer, '../../etc')],
      [/database is gone/, (_, database) => rmSync(database)],
      [/cannot be read/, (_, database) => writeFileSync(database, 'no database')],
    ];
    for (const [reason, harm] of damage) {
      await store.apply(shop, 'c1', changeOf([], slices));
      await store.close();
      const pointer = path.join(folder, 'CURRENT');
      harm(pointer, path.join(folder, readFileSync(pointer, 'utf8').split(' ')[0]!, 'graph'));
      store = await open();
      expect(store.begunAnew).toMatch(reason);
      expect([await store.scopes(), await store.files(shop)]).toEqual([[], []]);
    }
    await reopen();
    expect(store.begunAnew).toBeUndefined();
  });

  it('leaves one generation on disk, and takes away what killed processes left', async () => {
    mkdirSync(path.join(folder, 'generation-0123456789abcdef'));
    mkdirSync(path.join(folder, 'reader'));
    await reopen();
    expect(readdirSync(folder).map((name) => name.replace(/[0-9a-f]{16}/, '')).sort()).toEqual(['CURRENT', 'generation-', 'lock']);
  });

  it('keeps the graph as it was when a rebuild fails', async () => {
    const slices = [packagesSlice(shop), sampleSlice(shop, 'a.ts')];
    await store.apply(shop, 'c1', changeOf([], slices));
    const twice = store.rebuild([{ ...shop, commit: 'c2', slices: [...slices, sampleSlice(shop, 'a.ts')] }]);
    await expect(twice).rejects.toMatchObject({ code: 'CASC_GRAPH_UNWRITABLE' });
    expect([await store.scopes(), await storedRows(store), readdirSync(folder).length]).toEqual([[{ ...shop, commit: 'c1' }], rowsOf(slices), 4]);
  });
});

/** Edges from a package that is not there are none. */
const withoutPackage = (slice: FileSlice): FileSlice => ({ ...slice, edges: slice.edges.filter(({ fromTable }) => fromTable !== 'Package') });
