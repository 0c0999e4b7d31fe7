import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readArtefact } from './artefact.js';

describe('readArtefact', () => {
  let top: string;
  let root: string;
  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), 'cascade-artefact-'));
    root = join(top, 'root');
    mkdirSync(join(root, 'deep'), { recursive: true });
    writeFileSync(join(top, 'secret'), 'secret');
    writeFileSync(join(root, 'deep/report.xml'), '<ok/>');
  });
  afterEach(() => rmSync(top, { recursive: true, force: true }));

  it('reads a plain file', async () => {
    expect((await readArtefact(root, 'deep/report.xml')).toString()).toBe('<ok/>');
  });

  it.each([
    ['a link', () => symlinkSync(join(top, 'secret'), join(root, 'x')), 'x'],
    ['a link on the way', () => symlinkSync(top, join(root, 'y')), 'y/secret'],
    ['a path that leads out', () => undefined, '../secret'],
    ['a second name of another file', () => linkSync(join(top, 'secret'), join(root, 'x')), 'x'],
    ['a fifo, without waiting for it', () => execFileSync('mkfifo', [join(root, 'x')]), 'x'],
    ['a folder', () => undefined, 'deep'],
    ['what is not there', () => undefined, 'nope/x'],
  ])('refuses %s', async (_what, plant, path) => {
    plant();
    await expect(readArtefact(root, path, 100)).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_ARTEFACT_REFUSED' });
  });

  it('says that a file is too large', async () => {
    writeFileSync(join(root, 'x'), 'x'.repeat(101));
    await expect(readArtefact(root, 'x', 100)).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_ARTEFACT_TOO_LARGE', message: expect.stringContaining('101 bytes; the limit is 100') });
  });
});
