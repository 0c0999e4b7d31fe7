import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeTemporaryFolders, temporaryFolder } from '@cascade/testing';
import { checkDriver, gitButlerChecks } from './driver-checks.js';

const path = process.env['PATH'] ?? '';
let folder: string;
beforeEach(() => {
  folder = temporaryFolder('but');
  process.env['PATH'] = `${folder}:${path}`;
});
afterEach(() => {
  process.env['PATH'] = path;
  removeTemporaryFolders();
});

function installBut(text: string): void {
  writeFileSync(join(folder, 'but'), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, 'but'), 0o755);
}

it('says what spreads stories over branches, and never counts a missing GitButler as a fault', async () => {
  expect(await checkDriver({})).toMatchObject({ ok: true, detail: expect.stringContaining('not spread over branches') });
  expect(await checkDriver({ CASCADE_WORKSPACE_DRIVER: 'auto' })).toMatchObject({ ok: true, detail: 'git worktrees spread stories over branches, because there is no `but` on PATH', advice: expect.stringContaining('0.22') });
  installBut('case "$1" in --version) echo "but 0.22.1";; *) echo "  -b, --branch";; esac');
  expect(await checkDriver({ CASCADE_WORKSPACE_DRIVER: 'gitbutler' })).toEqual({ ok: true, detail: 'but 0.22.1 spreads stories over branches' });
});

it('tries out nothing where there is no `but` that could be used', async () => {
  installBut('echo "but 0.21.0"');
  const checks: unknown[] = [];
  for await (const check of gitButlerChecks()) checks.push(await check());
  expect(checks).toEqual([{ name: 'but', ok: false, detail: 'but 0.21.0 is older than 0.22', advice: expect.any(String) }]);
});

it('shows what a `but` of the right version does otherwise than documented', async () => {
  installBut('case "$1" in --version) echo "but 0.22.1";; commit|setup) echo "  -b, --branch";; *) echo "error: no" >&2; exit 1;; esac');
  const checks = gitButlerChecks();
  await checks.next();
  const { value: second } = await checks.next();
  await expect(second?.()).rejects.toMatchObject({ code: 'CASC_GITBUTLER_FAILED', message: 'but config failed: error: no' });
  await checks.return(undefined);
});
