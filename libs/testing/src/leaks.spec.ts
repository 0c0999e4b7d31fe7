import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { childProcesses, failOnLeaks } from './fail-on-leaks.js';
import { remainingTemporaryFolders, removeTemporaryFolder, temporaryFolder } from './temporary-folder.js';
import { untilTrue } from './until-true.js';

describe('what a spec may leave behind', () => {
  failOnLeaks();

  it('is no child process', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    const entry = childProcesses().find((line) => line.startsWith(`${child.pid} `));
    expect(entry).toBeDefined();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(childProcesses()).not.toContain(entry);
  });

  it('is no folder', () => {
    const folder = temporaryFolder('leak');
    expect(remainingTemporaryFolders()).toContain(folder);
    removeTemporaryFolder(folder);
    expect(remainingTemporaryFolders()).not.toContain(folder);
    expect(existsSync(folder)).toBe(false);
  });
});

describe('untilTrue', () => {
  it('waits for a condition, and says which one never came true', async () => {
    let looked = 0;
    await untilTrue(() => (looked += 1) === 3, 'the third look');
    expect(looked).toBe(3);
    await expect(untilTrue(() => false, 'the moon to turn blue', 20)).rejects.toThrow('waited 20 ms for: the moon to turn blue');
  });
});
