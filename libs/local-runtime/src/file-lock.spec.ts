import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withFileLock } from './file-lock.js';

describe('withFileLock', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'cascade-test-lock-'));
    file = path.join(folder, 'x.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('lets one in at a time, and leaves nothing behind', async () => {
    let [inside, most] = [0, 0];
    await Promise.all(Array.from({ length: 5 }, () => withFileLock(file, async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    })));
    expect(most).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes over from a process that died with it', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(file, String(pid));
    expect(await withFileLock(file, async () => 'mine')).toBe('mine');
  });

  it('is given back when what runs under it fails', async () => {
    await expect(withFileLock(file, () => Promise.reject(new TypeError('no')))).rejects.toThrow('no');
    expect(await withFileLock(file, async () => 'again')).toBe('again');
  });
});
