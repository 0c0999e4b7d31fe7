import { constants } from 'node:fs';
import { lstat, open, readlink, realpath, type FileHandle } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { pathProblem } from '@cascade/contracts';
import { refused, type FileChange } from './commit-writer.js';

/** Bound of one file, and of all files of one commit. */
export const MAX_FILE_BYTES = 5 * 1024 * 1024;
export const MAX_COMMIT_BYTES = 50 * 1024 * 1024;

const noFollow = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** What stands between the root and the file: real folders, none of them a repository of its own. */
async function parentProblem(root: string, path: string): Promise<string | undefined> {
  let folder = root;
  for (const part of path.split('/').slice(0, -1)) {
    folder = join(folder, part);
    const stats = await lstat(folder).catch(() => undefined);
    if (stats === undefined) return undefined; // the file is deleted together with its folder
    if (!stats.isDirectory()) return 'is below something that is not a folder';
    if (await lstat(join(folder, '.git')).catch(() => undefined) !== undefined) return 'is inside a nested git repository';
  }
  return undefined;
}

/** A link may only lead to a place inside the repository: a later checkout would follow it. */
async function linkProblem(root: string, path: string, target: string): Promise<string | undefined> {
  const resolved = posix.normalize(posix.join(posix.dirname(path), target));
  if (posix.isAbsolute(target) || resolved === '..' || resolved.startsWith('../')) return 'is a symbolic link out of the repository';
  if (resolved !== '.' && pathProblem(resolved.replace(/\/$/, '')) !== undefined) return 'is a symbolic link to a place that git controls';
  const real = await realpath(join(root, path)).catch(() => undefined);
  return real === undefined || real === root || real.startsWith(`${root}/`) ? undefined : 'is a symbolic link that leads out of the repository';
}

/**
 * Reads a regular file without following links. The opened file's own place is checked too, where the system tells it:
 * a process of the workspace may swap a folder for a link between our look and our reading.
 */
async function readRegular(root: string, path: string): Promise<Buffer | string> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(join(root, path), noFollow);
    const stats = await handle.stat();
    if (!stats.isFile()) return 'is not a regular file';
    if (stats.size > MAX_FILE_BYTES) return `is larger than ${MAX_FILE_BYTES} bytes`;
    const place = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => undefined);
    if (place !== undefined && place !== join(root, path)) return 'is not where it seems to be';
    const buffer = Buffer.alloc(stats.size);
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } catch {
    return 'cannot be read';
  } finally {
    await handle?.close();
  }
}

async function changeOf(root: string, path: string): Promise<FileChange | string> {
  const problem = pathProblem(path) ?? await parentProblem(root, path);
  if (problem !== undefined) return problem;
  const stats = await lstat(join(root, path)).catch(() => undefined);
  if (stats === undefined) return { path, content: null };
  if (stats.isSymbolicLink()) {
    const target = await readlink(join(root, path));
    return await linkProblem(root, path, target) ?? { path, content: Buffer.from(target), mode: '120000' };
  }
  if (stats.isDirectory()) return 'is a folder; name its files';
  if (!stats.isFile()) return 'is not a regular file';
  const content = await readRegular(root, path);
  return typeof content === 'string' ? content : { path, content, mode: (stats.mode & 0o100) === 0 ? '100644' : '100755' };
}

/**
 * The named paths of a workspace, as changes; a path that is gone is a deletion. What lies there was written by a model
 * or by tests that it wrote, so nothing is followed: no links, no nested repositories, no devices.
 * Throws `CASC_COMMIT_REFUSED` with a finding for each path.
 */
export async function readWorkspaceFiles(workspace: string, paths: readonly string[]): Promise<FileChange[]> {
  const root = await realpath(workspace);
  const findings: string[] = [];
  const changes: FileChange[] = [];
  let bytes = 0;
  for (const path of [...new Set(paths)].toSorted()) {
    const change = await changeOf(root, path);
    if (typeof change === 'string') {
      findings.push(`${JSON.stringify(path.slice(0, 120))} ${change}`);
      continue;
    }
    bytes += change.content?.length ?? 0;
    changes.push(change);
  }
  if (bytes > MAX_COMMIT_BYTES) findings.push(`the files together are larger than ${MAX_COMMIT_BYTES} bytes`);
  if (findings.length > 0) throw refused(findings);
  return changes;
}
