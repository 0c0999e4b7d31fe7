import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { factsVersion } from '../facts/facts-version.js';
import { cacheBounds, FactCache } from './fact-cache.js';

const json = (doc = ''): string => JSON.stringify({ status: 'document', path: 'a.md', lines: 1, cut: [], pages: [{ key: '', title: '', headings: [], text: doc, startLine: 1, endLine: 1 }] });

describe('FactCache', () => {
  let folder: string;
  let open: FactCache[];
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'cascade-facts-')); open = []; });
  afterEach(() => {
    for (const cache of open) cache.close();
    rmSync(folder, { recursive: true });
  });

  const cacheOf = (bytes?: number): FactCache => {
    const cache = FactCache.open(folder, bytes);
    open.push(cache);
    return cache;
  };
  const files = (): string[] => readdirSync(join(folder, `facts-${factsVersion}`)).sort().map((name) => join(folder, `facts-${factsVersion}`, name));
  const size = (): number => files().reduce((sum, file) => sum + statSync(file).size, 0);

  it('gives facts again, at once and in a later process, for the same bytes under the same name', () => {
    const cache = cacheOf();
    cache.put('b1', 'docs/größe ~1.md', json('für \u{1F600}\n'));
    for (const one of [cache, cacheOf()]) {
      expect(one.get('b1', 'other/größe ~1.md')).toEqual({ ...JSON.parse(json('für \u{1F600}\n')), path: 'other/größe ~1.md' });
      expect([one.get('b1', 'docs/b.md'), one.get('b2', 'docs/größe ~1.md')]).toEqual([undefined, undefined]);
    }
  });

  it('takes what is damaged for missing, and keeps the rest', () => {
    const cache = cacheOf();
    for (const blob of ['b1', 'b2', 'b3']) cache.put(blob, 'a.md', json(blob));
    const [file = ''] = files();
    const bytes = readFileSync(file);
    bytes[bytes.indexOf('b2","s')] = 0x78; // inside the facts of b2
    writeFileSync(file, bytes);
    truncateSync(file, bytes.length - 5);
    for (const one of [cache, cacheOf()]) expect(['b1', 'b2', 'b3'].map((blob) => one.get(blob, 'a.md') !== undefined)).toEqual([true, false, false]);
    const next = cacheOf();
    expect(next.get('b2', 'a.md')).toBeUndefined();
    next.put('b2', 'a.md', json('b2'));
    expect(next.get('b2', 'a.md')).toBeDefined();
    writeFileSync(file, Buffer.alloc(200, '\n{ \0'));
    expect(cacheOf().get('b1', 'a.md')).toBeUndefined();
  });

  it('stays within its bound, and lets the oldest go', () => {
    const bytes = cacheBounds.segments * 2_000;
    const cache = cacheOf(bytes);
    const count = Math.ceil(bytes * 2 / json('x'.repeat(900)).length);
    for (let number = 0; number < count; number += 1) cache.put(`b${number}`, 'a.md', json('x'.repeat(900)));
    expect(size()).toBeLessThanOrEqual(bytes + 4_000);
    expect(files().length).toBeLessThanOrEqual(cacheBounds.segments);
    expect([cache.get('b0', 'a.md'), cache.get(`b${count - 1}`, 'a.md') !== undefined]).toEqual([undefined, true]);
    cacheOf(bytes / 2);
    expect(size()).toBeLessThanOrEqual(bytes / 2);
  });

  it('forgets the facts of other versions', () => {
    writeFileSync(join(folder, 'facts-older'), '');
    writeFileSync(join(folder, 'neighbour'), '');
    cacheOf();
    expect(readdirSync(folder).sort()).toEqual([`facts-${factsVersion}`, 'neighbour']);
  });

  it('goes on when nothing can be written, and says why', () => {
    const cache = cacheOf();
    rmSync(join(folder, `facts-${factsVersion}`), { recursive: true });
    cache.put('b1', 'a.md', json());
    expect([cache.get('b1', 'a.md'), cache.problem]).toEqual([undefined, expect.objectContaining({ code: 'ENOENT' })]);
  });

  it('is shared by processes, each with what was there when it opened', () => {
    const [one, other] = [cacheOf(), cacheOf()];
    one.put('b1', 'a.md', json());
    other.put('b2', 'a.md', json());
    expect([other.get('b1', 'a.md'), cacheOf().get('b1', 'a.md') !== undefined, cacheOf().get('b2', 'a.md') !== undefined]).toEqual([undefined, true, true]);
    for (const file of files()) rmSync(file);
    expect(one.get('b1', 'a.md')).toBeDefined(); // as long as it is open
  });
});
