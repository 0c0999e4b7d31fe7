import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { removeTemporaryFolder, temporaryFolder } from '@cascade/testing';
import type { FileSlice } from '../graph/graph-rows.js';
import { FactCache } from '../indexing/fact-cache.js';
import { openGraphStore } from './open-graph-store.js';
import { changeOf, packagesSlice, sampleScope as shop, sampleSlice } from './testing/sample-graph.js';
import { installedEngines, rowsOf, storedRows } from './testing/stored-rows.js';

const folder = temporaryFolder('full-disk');
const disk = path.join(folder, 'disk');
mkdirSync(disk);
/** A small file system in memory; only root may have one. */
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'cascade-full-disk', disk]).status === 0;
if (!isMounted) process.stderr.write('full-disk.spec.ts: no file system may be mounted here, so nothing is tried on a full disk\n');

const filler = path.join(disk, 'filler');

/** Writes until nothing fits any more, not a byte. */
function fill(): void {
  const file = openSync(filler, 'w');
  try {
    for (let bytes = 1 << 20; bytes >= 1; bytes = bytes === 1 ? 0 : bytes >> 4) {
      try {
        for (;;) writeSync(file, Buffer.alloc(bytes));
      } catch { /* full for pieces of this size */ }
    }
  } finally {
    closeSync(file);
  }
}

const slices = (functions: number, text: string): FileSlice[] => [packagesSlice(shop), ...Array.from({ length: 20 }, (_, at) => sampleSlice(shop, `src/${at}.ts`, { functions, text }))];

(isMounted ? describe : describe.skip)('a full disk', () => {
  beforeAll(() => { fill(); rmSync(filler); });
  afterAll(() => {
    spawnSync('umount', ['--lazy', disk]);
    removeTemporaryFolder(folder);
  });

  it.each(installedEngines)('is said, leaves the graph as it was, and is forgotten once there is room (%s)', async (engine) => {
    const store = await openGraphStore({ engine, folder: path.join(disk, engine), bufferPoolBytes: 64 * 2 ** 20 });
    const [before, after] = [slices(3, 'before'), slices(30, 'after '.repeat(2_000))];
    await store.rebuild([{ ...shop, commit: 'c1', slices: before }]);
    fill();
    await expect(store.apply(shop, 'c2', changeOf(before, after))).rejects.toMatchObject({ code: 'CASC_GRAPH_UNWRITABLE', message: expect.stringContaining(disk) });
    await expect(store.rebuild([{ ...shop, commit: 'c2', slices: after }])).rejects.toMatchObject({ code: 'CASC_GRAPH_UNWRITABLE' });
    rmSync(filler);
    expect([await store.scopes(), await storedRows(store)]).toEqual([[{ ...shop, commit: 'c1' }], rowsOf(before)]);
    await store.apply(shop, 'c2', changeOf(before, slices(5, 'after')));
    expect(await storedRows(store)).toEqual(rowsOf(slices(5, 'after')));
    await store.close();
  });

  it('costs facts that are read again another time, and no entry that was whole', () => {
    const cache = FactCache.open(path.join(disk, 'facts'));
    const json = (path: string): string => JSON.stringify({ status: 'skipped', path, reason: 'binary' });
    cache.put('a'.repeat(40), 'a.ts', json('a.ts'));
    fill();
    for (let number = 0; number < 200; number += 1) cache.put('b'.repeat(40), `${number}.ts`, json(`${number}.ts`));
    expect(cache.problem).toMatchObject({ code: 'ENOSPC' });
    rmSync(filler);
    cache.put('c'.repeat(40), 'c.ts', json('c.ts'));
    cache.close();
    const opened = FactCache.open(path.join(disk, 'facts'));
    expect(['a', 'c'].map((name) => opened.get(name.repeat(40), `${name}.ts`))).toEqual(['a', 'c'].map((name) => ({ status: 'skipped', path: `${name}.ts`, reason: 'binary' })));
    opened.close();
  });
});
