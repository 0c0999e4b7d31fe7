import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, constants, copyFileSync, createReadStream, existsSync, linkSync, lstatSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { terminal } from '@cascade/contracts';

/**
 * The sandbox's user is not Cascade's user when Cascade is root, so it cannot use a Node, a Python or dependencies that live
 * below a private folder such as /root. What it cannot reach is put, once, into a folder that everybody may read: named by
 * its content, made beside its final name and renamed, so that two processes never see half of it. Hard links where the file
 * system allows it, copies otherwise. The folder belongs to Cascade's user and nobody else may write to it.
 */
const READABLE_FILE = 0o444;
const OTHERS_EXECUTE = 0o001;
const OTHERS_READ = 0o004;
const SWEEP_AGE_MS = 14 * 24 * 3600_000;

export function sharedCache(): string {
  const owner = process.getuid?.() ?? 0;
  const folder = join(tmpdir(), `cascade-shared-${owner}`);
  mkdirSync(folder, { mode: 0o755, recursive: true });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== owner || (stat.mode & 0o022) !== 0) {
    throw terminal('CASC_SANDBOX_UNAVAILABLE', `${folder} must be a folder of this user that nobody else can write to`, { advice: 'Remove it and start again.' });
  }
  chmodSync(folder, 0o755);
  return folder;
}

/** Whether a user who is neither owner nor in the group can walk to a path and read it. */
export function othersCanReach(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & OTHERS_EXECUTE) === 0) return false;
    if (folder === dirname(folder)) break;
  }
  const stat = statSync(path);
  const needed = stat.isDirectory() ? OTHERS_READ | OTHERS_EXECUTE : OTHERS_READ;
  return (stat.mode & needed) === needed;
}

function touch(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // Swept by another process at this moment; whoever mounts it will say so.
  }
}

/** Removes what nobody has asked for in a long time: the cache is bounded by what is in use. */
export function sweepSharedCache(maxAgeMs: number = SWEEP_AGE_MS): void {
  const cache = sharedCache();
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > maxAgeMs) rmSync(path, { recursive: true, force: true });
  }
}

/** Publishes `make(temporary)` as `<cache>/<name>`, atomically; whoever comes second uses the first one's. */
export function publishOnce(name: string, make: (temporary: string) => void): string {
  const cache = sharedCache();
  const final = join(cache, name);
  if (existsSync(final)) {
    touch(final);
    return final;
  }
  const temporary = join(cache, `.${randomBytes(8).toString('hex')}`);
  try {
    make(temporary);
    touch(temporary);
    renameSync(temporary, final);
  } catch (error) {
    if (!existsSync(final)) throw error;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return final;
}

function linkOrCopy(from: string, to: string): void {
  const mode = lstatSync(from).mode & 0o777;
  if ((mode & OTHERS_READ) !== 0) {
    try {
      linkSync(from, to);
      return;
    } catch {
      // Another file system, or links are not allowed: copy.
    }
  }
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
  chmodSync(to, (mode & 0o111) === 0 ? READABLE_FILE : READABLE_FILE | 0o111);
}

/** A host file that the sandbox's user can read: the file itself, or its copy. */
export async function reachableFile(path: string): Promise<string> {
  if (othersCanReach(path)) return path;
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const folder = publishOnce(`file-${hash.digest('hex').slice(0, 32)}`, (temporary) => {
    mkdirSync(temporary, { mode: 0o755 });
    linkOrCopy(path, join(temporary, basename(path)));
  });
  return join(folder, basename(path));
}

interface Entry {
  readonly path: string;
  readonly kind: 'folder' | 'file' | 'link';
  readonly target?: string;
}

/** Everything below a folder in a fixed order, and a hash of names, kinds, sizes, times and link targets. */
function listing(root: string): { entries: Entry[]; hash: string } {
  const entries: Entry[] = [];
  const hash = createHash('sha256');
  const walk = (relative: string): void => {
    for (const item of readdirSync(join(root, relative), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(relative, item.name);
      const stat = lstatSync(join(root, path));
      if (item.isSymbolicLink()) entries.push({ path, kind: 'link', target: readlinkSync(join(root, path)) });
      else if (item.isDirectory()) entries.push({ path, kind: 'folder' });
      else if (item.isFile()) entries.push({ path, kind: 'file' });
      else continue;
      hash.update(`${path}\0${entries.at(-1)!.kind}\0${entries.at(-1)!.target ?? ''}\0${item.isFile() ? `${stat.size}/${stat.mtimeMs}/${stat.mode}` : ''}\n`);
      if (item.isDirectory()) walk(path);
    }
  };
  walk('');
  return { entries, hash: hash.digest('hex').slice(0, 32) };
}

/** A host folder that the sandbox's user can read in whole: the folder itself, or its copy. */
export function reachableFolder(path: string): string {
  if (othersCanReach(path)) return path;
  const { entries, hash } = listing(path);
  return publishOnce(`folder-${hash}`, (temporary) => {
    mkdirSync(temporary, { mode: 0o755 });
    for (const entry of entries) {
      const to = join(temporary, entry.path);
      if (entry.kind === 'folder') mkdirSync(to, { mode: 0o755 });
      else if (entry.kind === 'link') symlinkSync(entry.target!, to);
      else linkOrCopy(join(path, entry.path), to);
    }
  });
}

/** `reachableFile` or `reachableFolder`, by what the path is. */
export async function reachable(path: string): Promise<string> {
  return statSync(path).isDirectory() ? reachableFolder(path) : reachableFile(path);
}

/** A small folder of files that we write ourselves, e.g. the sandbox's /etc. */
export function publishFiles(label: string, files: Readonly<Record<string, string>>): string {
  const names = Object.keys(files).sort();
  const hash = createHash('sha256').update(JSON.stringify(names.map((name) => [name, files[name]]))).digest('hex').slice(0, 32);
  return publishOnce(`${label}-${hash}`, (temporary) => {
    mkdirSync(temporary, { mode: 0o755 });
    for (const name of names) {
      mkdirSync(dirname(join(temporary, name)), { recursive: true, mode: 0o755 });
      writeFileSync(join(temporary, name), files[name]!, { mode: READABLE_FILE });
    }
  });
}
