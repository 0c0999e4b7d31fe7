import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestLock } from './test-lock.js';

describe('TestLock', () => {
  let top: string;
  let folder: string;
  const lock = new TestLock({ 'test/b.test.js': 'b', 'test/a.test.js': 'a' });
  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), 'cascade-lock-'));
    folder = join(top, 'workspace');
    mkdirSync(folder);
  });
  afterEach(() => rmSync(top, { recursive: true, force: true }));

  it('puts files back whatever was done to them', async () => {
    mkdirSync(join(folder, 'test'));
    writeFileSync(join(folder, 'test/a.test.js'), 'weakened');
    chmodSync(join(folder, 'test/a.test.js'), 0o444);
    expect(await lock.changed(folder)).toEqual(['test/a.test.js', 'test/b.test.js']);
    await lock.restore(folder);
    expect(await lock.changed(folder)).toEqual([]);
    expect(readFileSync(join(folder, 'test/a.test.js'), 'utf8')).toBe('a');
  });

  it('replaces a link instead of writing through it, and counts a link with the right text as changed', async () => {
    mkdirSync(join(folder, 'test'));
    writeFileSync(join(top, 'outside'), 'a');
    symlinkSync(join(top, 'outside'), join(folder, 'test/a.test.js'));
    expect(await lock.changed(folder)).toContain('test/a.test.js');
    writeFileSync(join(top, 'outside'), 'precious');
    await lock.restore(folder);
    expect(readFileSync(join(top, 'outside'), 'utf8')).toBe('precious');
  });

  it('refuses a folder that became a link', async () => {
    mkdirSync(join(top, 'elsewhere'));
    symlinkSync(join(top, 'elsewhere'), join(folder, 'test'));
    await expect(lock.restore(folder)).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_PATH_REFUSED' });
  });

  it('has one digest for the same files in any order', () => {
    expect(new TestLock({ 'test/a.test.js': 'a', 'test/b.test.js': 'b' }).digest).toBe(lock.digest);
    expect(new TestLock({ 'test/a.test.js': 'a', 'test/b.test.js': 'c' }).digest).not.toBe(lock.digest);
  });
});
