import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isAlive } from './file-lock.js';

/**
 * Who uses a private server: one empty file per use, named by process id, in a folder beside the server's data. Call
 * both functions under the folder's lock. A killed process counts as gone, so its file holds nobody up.
 */
export async function registerUser(directory: string): Promise<string> {
  const folder = path.join(directory, 'users');
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `${process.pid}-${randomBytes(4).toString('hex')}`);
  await writeFile(file, '');
  return file;
}

/** Removes a user, and gives the number of those that are left. */
export async function removeUser(directory: string, file: string): Promise<number> {
  await rm(file, { force: true });
  const folder = path.join(directory, 'users');
  let left = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    if (isAlive(Number.parseInt(name, 10))) left += 1;
    else await rm(path.join(folder, name), { force: true });
  }
  return left;
}
