import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ensureBwrap } from './ensure-bwrap.js';

describe('ensureBwrap', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), 'cascade-test-bwrap-')); });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const program = (...parts: string[]): string => {
    const file = path.join(folder, ...parts);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, '#!/bin/sh\n');
    chmodSync(file, 0o755);
    return file;
  };

  it('prefers the named program to the one on PATH', async () => {
    const named = program('named');
    program('bin', 'bwrap');
    expect(await ensureBwrap({ PATH: path.join(folder, 'bin'), CASCADE_BWRAP: named })).toEqual({ CASCADE_BWRAP: named, CASCADE_BWRAP_LIBRARIES: '' });
  });

  it('finds it on PATH, past folders and files that cannot be run', async () => {
    mkdirSync(path.join(folder, 'a', 'bwrap'), { recursive: true });
    mkdirSync(path.join(folder, 'b'));
    writeFileSync(path.join(folder, 'b', 'bwrap'), '');
    const found = program('c', 'bwrap');
    const PATH = ['a', 'b', 'c'].map((name) => path.join(folder, name)).join(path.delimiter);
    expect(await ensureBwrap({ PATH })).toEqual({ CASCADE_BWRAP: found, CASCADE_BWRAP_LIBRARIES: '' });
  });

  it('finds what an earlier run unpacked, with its libraries', async () => {
    const found = program('programs', 'bubblewrap', 'usr', 'bin', 'bwrap');
    const libraries = path.join(folder, 'programs', 'bubblewrap', 'usr', 'lib');
    mkdirSync(path.join(libraries, 'x86_64-linux-gnu'), { recursive: true });
    expect(await ensureBwrap({ PATH: folder, CASCADE_PROGRAMS: path.join(folder, 'programs') }))
      .toEqual({ CASCADE_BWRAP: found, CASCADE_BWRAP_LIBRARIES: `${path.join(libraries, 'x86_64-linux-gnu')}:${libraries}` });
  });

  it('says what to do when there is none', async () => {
    await expect(ensureBwrap({ PATH: folder, CASCADE_PROGRAMS: path.join(folder, 'programs') }))
      .rejects.toMatchObject({ code: 'CASC_SANDBOX_UNAVAILABLE', kind: 'terminal', advice: expect.any(String) });
  });
});
