import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { conformanceChecks, runCheck } from './driver-conformance.js';
import { But } from './gitbutler/but.js';
import { GitButlerDriver } from './gitbutler/gitbutler-driver.js';
import { WorktreeDriver } from './worktree-driver.js';

const fakeBut = join(import.meta.dirname, 'testing/fake-but/but.mjs');

describe.each([
  ['git worktrees', ({ runner, trash, mutex }: Parameters<Parameters<typeof runCheck>[1]>[0]) => new WorktreeDriver(runner, trash, mutex)],
  ['GitButler, with a stand-in for `but`', ({ runner, trash }: Parameters<Parameters<typeof runCheck>[1]>[0]) => new GitButlerDriver(runner, trash, new But(fakeBut))],
])('%s', (_name, make) => {
  it.each(Object.keys(conformanceChecks))('%s', async (check) => {
    await expect(runCheck(check, make)).resolves.toBeUndefined();
  }, 60_000);
});
