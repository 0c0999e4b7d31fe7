import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface FolderUsage {
  /** Allocated, not apparent: a sparse file costs what it costs. */
  readonly bytes: number;
  /** Empty files cost no bytes but inodes, so entries count too. */
  readonly entries: number;
}

const isRefusal = (error: unknown): boolean => typeof error === 'object' && error !== null && 'code' in error && error.code === 'EACCES';

/**
 * What lies below folders, never following a link; stops early once past either limit.
 * Entries that vanish while it walks count as nothing: the code that is being watched may be deleting them. A folder that it may
 * not read counts as endless, because anything could be in it (never so for root).
 */
export async function folderUsage(folders: readonly string[], limit: FolderUsage): Promise<FolderUsage> {
  let bytes = 0;
  let entries = 0;
  const waiting = [...folders];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const parent = folder;
    const names = await readdir(parent, { withFileTypes: true }).catch((error: unknown) => (isRefusal(error) ? undefined : []));
    if (names === undefined) return { bytes: Number.POSITIVE_INFINITY, entries };
    entries += names.length;
    for (const entry of names) if (entry.isDirectory()) waiting.push(join(parent, entry.name));
    const files = names.filter((entry) => entry.isFile()).map((entry) => lstat(join(parent, entry.name)).catch(() => undefined));
    for (const stat of await Promise.all(files)) bytes += (stat?.blocks ?? 0) * 512;
    if (bytes > limit.bytes || entries > limit.entries) break;
  }
  return { bytes, entries };
}
