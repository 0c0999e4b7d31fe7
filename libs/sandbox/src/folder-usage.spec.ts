import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { folderUsage } from './folder-usage.js';

const unlimited = { bytes: Number.MAX_SAFE_INTEGER, entries: Number.MAX_SAFE_INTEGER };

describe('folderUsage', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cascade-usage-'));
    mkdirSync(join(folder, 'deep/er'), { recursive: true });
    writeFileSync(join(folder, 'deep/er/file'), 'x'.repeat(100_000));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('counts what is allocated and every entry, and follows no link', async () => {
    symlinkSync('/usr', join(folder, 'link'));
    writeFileSync(join(folder, 'sparse'), '');
    truncateSync(join(folder, 'sparse'), 2 ** 40);
    const usage = await folderUsage([folder], unlimited);
    expect(usage.entries).toBe(5);
    expect(usage.bytes).toBeGreaterThanOrEqual(100_000);
    expect(usage.bytes).toBeLessThan(200_000);
  });

  it('stops as soon as a limit is passed', async () => {
    expect((await folderUsage([folder, '/usr'], { bytes: unlimited.bytes, entries: 1 })).entries).toBeLessThan(1000);
  });

  it('takes a folder that has gone for empty', async () => {
    expect(await folderUsage([join(folder, 'gone')], unlimited)).toEqual({ bytes: 0, entries: 0 });
  });
});
