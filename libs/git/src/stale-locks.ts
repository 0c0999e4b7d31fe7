import type { Stats } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findMarkedProcesses } from './git-processes.js';

/** Older than any git call may run: whoever made it is gone, even where processes cannot be listed. */
export const LOCK_CERTAINLY_STALE_MS = 15 * 60_000;
/** A repository has few locks; more than this is not git's doing. */
const MAX_LOCKS = 1_000;
const MAX_DEPTH = 12;

async function locksBelow(folder: string, depth = 0): Promise<string[]> {
  if (depth > MAX_DEPTH) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    if (found.length >= MAX_LOCKS) break;
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'objects') found.push(...await locksBelow(path, depth + 1));
    else if (entry.isFile() && entry.name.endsWith('.lock')) found.push(path);
  }
  return found;
}

/**
 * Removes the lock files that a killed git left in a cache; git never does. A lock goes when no live git of ours works
 * in the cache, or when it is older than any call may run. Gives the number of removed locks.
 *
 * Assumes that the cache is used from one machine at a time.
 */
export async function removeStaleLocks(cache: string, now: number = Date.now()): Promise<number> {
  const locks = await locksBelow(cache);
  if (locks.length === 0) return 0;
  const known = new Map<string, Stats>();
  for (const lock of locks) {
    const stats = await lstat(lock).catch(() => undefined);
    if (stats !== undefined) known.set(lock, stats);
  }
  // Asked after the locks were listed: a lock listed here and held by a live process shows that process now.
  const free = (await findMarkedProcesses('CASCADE_GIT_FOLDER', cache))?.length === 0;
  let removed = 0;
  for (const [lock, seen] of known) {
    if (!free && now - seen.mtimeMs < LOCK_CERTAINLY_STALE_MS) continue;
    const current = await lstat(lock).catch(() => undefined);
    if (current?.ino !== seen.ino || current.mtimeMs !== seen.mtimeMs) continue; // a new lock of the same name
    await rm(lock, { force: true });
    removed += 1;
  }
  return removed;
}
