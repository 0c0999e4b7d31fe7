import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { othersCanReach, publishFiles, publishOnce, reachableFile, reachableFolder, sharedCache, sweepSharedCache } from './shared-cache.js';

describe('the shared cache', () => {
  let top: string;
  let closed: string;
  const made: string[] = [];
  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), 'cascade-cache-'));
    chmodSync(top, 0o755);
    closed = join(top, 'closed');
    mkdirSync(join(closed, 'tools/lib'), { recursive: true });
    writeFileSync(join(closed, 'tools/run'), `run ${top}`, { mode: 0o755 });
    writeFileSync(join(closed, 'tools/lib/private'), `private ${top}`, { mode: 0o600 });
    symlinkSync('lib/private', join(closed, 'tools/link'));
    chmodSync(closed, 0o700);
  });
  afterEach(() => {
    for (const path of [top, ...made.splice(0)]) rmSync(path, { recursive: true, force: true });
  });

  it('leaves alone what everybody can reach', async () => {
    writeFileSync(join(top, 'open'), 'x', { mode: 0o644 });
    expect(await reachableFile(join(top, 'open'))).toBe(join(top, 'open'));
    expect(reachableFolder(top)).toBe(top);
  });

  it('makes a private program reachable under a name made from its content', async () => {
    const path = await reachableFile(join(closed, 'tools/run'));
    made.push(join(path, '..'));
    expect(othersCanReach(path)).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe(`run ${top}`);
    expect(statSync(path).mode & 0o111).toBe(0o111);
    expect(await reachableFile(join(closed, 'tools/run'))).toBe(path);
  });

  it('makes a private folder reachable in whole, and again when it changes', () => {
    const first = reachableFolder(join(closed, 'tools'));
    made.push(first);
    expect(othersCanReach(join(first, 'lib/private'))).toBe(true);
    expect(readlinkSync(join(first, 'link'))).toBe('lib/private');
    writeFileSync(join(closed, 'tools/new'), 'new');
    const second = reachableFolder(join(closed, 'tools'));
    made.push(second);
    expect(second).not.toBe(first);
    expect(readFileSync(join(second, 'new'), 'utf8')).toBe('new');
  });

  it('removes what nobody has asked for in a long time, and keeps what is used', () => {
    const old = publishFiles('sweep', { 'old.txt': top });
    const used = publishFiles('sweep', { 'used.txt': top });
    made.push(old, used);
    const past = new Date(Date.now() - 20 * 24 * 3600_000);
    for (const path of [old, used]) utimesSync(path, past, past);
    expect(publishFiles('sweep', { 'used.txt': top })).toBe(used);
    sweepSharedCache();
    expect([old, used].map((path) => existsSync(path))).toEqual([false, true]);
  });

  it('publishes nothing of a copy that failed half-way', () => {
    expect(() => publishOnce('half-way', (temporary) => {
      mkdirSync(temporary);
      throw new TypeError('disk full');
    })).toThrow('disk full');
    expect(lstatSync(join(sharedCache(), 'half-way'), { throwIfNoEntry: false })).toBeUndefined();
  });
});
