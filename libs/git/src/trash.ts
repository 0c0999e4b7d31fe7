import { randomUUID } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Lets the owner enter and change every folder: tests may have taken that from themselves. */
async function unlockFolders(folder: string): Promise<void> {
  const stats = await lstat(folder).catch(() => undefined);
  if (stats === undefined || !stats.isDirectory()) return;
  await chmod(folder, 0o700).catch(() => undefined);
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (entry.isDirectory()) await unlockFolders(join(folder, entry.name));
  }
}

async function removeTree(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    await unlockFolders(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Removes folders in two moves: a rename, at once, then the deletion in the background, one folder at a time. Deleting
 * a checkout takes seconds on a slow disk; nobody waits for it. What a killed process left is deleted by `empty`.
 */
export class Trash {
  private work: Promise<void> = Promise.resolve();

  constructor(private readonly folder: string) {}

  /** Takes a folder out of its place. False when there was none. */
  async put(path: string): Promise<boolean> {
    if (await lstat(path).catch(() => undefined) === undefined) return false;
    await mkdir(this.folder, { recursive: true });
    const place = join(this.folder, randomUUID());
    await chmod(path, 0o700).catch(() => undefined); // a folder that its owner must not write cannot change its parent
    await rename(path, place);
    this.later(place);
    return true;
  }

  /** Deletes, in the background, all that is in the trash. */
  async empty(): Promise<void> {
    for (const name of await readdir(this.folder).catch(() => [])) this.later(join(this.folder, name));
  }

  /** Resolves when nothing is left to delete. */
  async settled(): Promise<void> {
    await this.work;
  }

  private later(place: string): void {
    this.work = this.work.then(() => removeTree(place)).catch(() => { /* stays in the trash until the next start */ });
  }
}
