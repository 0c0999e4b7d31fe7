import { lstat, readdir, lchown } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { terminal } from '@cascade/contracts';

const OTHERS_EXECUTE = 0o001;

/** Fails when a user without rights of its own cannot walk to a folder's parent. */
async function checkRoad(folder: string): Promise<void> {
  for (let parent = dirname(folder); ; parent = dirname(parent)) {
    if (((await lstat(parent)).mode & OTHERS_EXECUTE) === 0) {
      throw terminal('CASC_SANDBOX_FOLDER', `The sandbox's user cannot reach ${folder}, because ${parent} is private`, {
        advice: 'Keep workspaces in a folder that every user can walk to, such as one below the system\'s temporary folder.',
      });
    }
    if (parent === dirname(parent)) return;
  }
}

/**
 * Gives a folder and everything below it to a user, links themselves and not what they point to. `.git` at the top stays
 * with its owner: it is hidden from the sandbox.
 * Throws CASC_SANDBOX_FOLDER (terminal) when that user cannot walk to the folder.
 */
export async function giveFolder(folder: string, uid: number): Promise<void> {
  await checkRoad(folder);
  const waiting = [folder];
  for (let current = waiting.pop(); current !== undefined; current = waiting.pop()) {
    const parent = current;
    if ((await lstat(parent)).uid !== uid) await lchown(parent, uid, uid);
    for (const entry of await readdir(parent, { withFileTypes: true })) {
      if (parent === folder && entry.name === '.git') continue;
      const path = join(parent, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      else if ((await lstat(path)).uid !== uid) await lchown(path, uid, uid);
    }
  }
}
