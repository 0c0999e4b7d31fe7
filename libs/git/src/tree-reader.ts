import { terminal } from '@cascade/contracts';
import type { CachedRepository } from './cached-repository.js';

/** Files that one listing may have: it travels in one message. */
export const MAX_LISTED_FILES = 20_000;
/** Files that a checkout may have; a tree can name more files than any disk holds. */
export const MAX_CHECKED_OUT_FILES = 200_000;
export const MAX_CHECKED_OUT_BYTES = 4 * 1024 ** 3;
const BINARY_LOOK_BYTES = 8_000;

export interface TreeFile {
  readonly path: string;
  readonly mode: string;
  readonly oid: string;
  readonly bytes: number;
}

export interface ReadFiles {
  readonly entries: { path: string; bytes: number }[];
  readonly files: { path: string; text: string }[];
  readonly omitted: { path: string; reason: 'missing' | 'binary' | 'too-large' }[];
}

const tooLarge = (what: string): Error => terminal('CASC_REPOSITORY_TOO_LARGE', `The commit has more than ${what}.`, { advice: 'Cascade does not work with repositories of this size.' });

/** Every entry of a commit's tree, sorted by path as git sorts. Throws `CASC_COMMIT_NOT_FOUND`, `CASC_REPOSITORY_TOO_LARGE`. */
export async function listTree(repository: CachedRepository, commit: string, signal?: AbortSignal): Promise<TreeFile[]> {
  if (!await repository.hasCommit(commit, signal)) throw terminal('CASC_COMMIT_NOT_FOUND', `Commit ${commit.slice(0, 12)} is not in the cache of the repository.`);
  const { stdout } = await repository.git(['ls-tree', '-r', '-l', '-z', '--full-tree', commit], { signal });
  return stdout.toString('utf8').split('\0').filter((line) => line !== '').map((line) => {
    const tab = line.indexOf('\t');
    const [mode = '', , oid = '', size = ''] = line.slice(0, tab).split(/ +/);
    return { mode, oid, bytes: size === '-' ? 0 : Number(size), path: line.slice(tab + 1) };
  });
}

/** Refuses to check out what would fill a disk. Throws `CASC_REPOSITORY_TOO_LARGE`. */
export async function checkCheckoutSize(repository: CachedRepository, commit: string, signal?: AbortSignal): Promise<void> {
  const files = await listTree(repository, commit, signal);
  if (files.length > MAX_CHECKED_OUT_FILES) throw tooLarge(`${MAX_CHECKED_OUT_FILES} files`);
  if (files.reduce((sum, { bytes }) => sum + bytes, 0) > MAX_CHECKED_OUT_BYTES) throw tooLarge(`${MAX_CHECKED_OUT_BYTES} bytes of files`);
}

/** Text, or undefined for what is not UTF-8 text. */
function textOf(content: Buffer): string | undefined {
  if (content.subarray(0, BINARY_LOOK_BYTES).includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}

async function readBlobs(repository: CachedRepository, blobs: readonly TreeFile[], signal?: AbortSignal): Promise<Buffer[]> {
  if (blobs.length === 0) return [];
  const bound = blobs.reduce((sum, { bytes }) => sum + bytes + 200, 0);
  const { stdout } = await repository.git(['cat-file', '--batch'], { input: blobs.map(({ oid }) => `${oid}\n`).join(''), maxOutputBytes: bound, signal });
  let offset = 0;
  return blobs.map(({ bytes }) => {
    const start = stdout.indexOf(0x0a, offset) + 1;
    offset = start + bytes + 1;
    return stdout.subarray(start, start + bytes);
  });
}

/**
 * Lists a commit's files (regular ones: symbolic links and submodules have no text of their own) and reads some, in
 * the given order, as long as they fit into `maxBytes` together; those that do not are named in `omitted`.
 * Throws `CASC_REPOSITORY_TOO_LARGE` past `MAX_LISTED_FILES`, and `CASC_COMMIT_NOT_FOUND`.
 */
export async function readFiles(repository: CachedRepository, commit: string, paths: readonly string[], maxBytes: number, signal?: AbortSignal): Promise<ReadFiles> {
  const listed = (await listTree(repository, commit, signal)).filter(({ mode }) => mode.startsWith('100'));
  if (listed.length > MAX_LISTED_FILES) throw tooLarge(`${MAX_LISTED_FILES} files`);
  const byPath = new Map(listed.map((file) => [file.path, file]));
  const omitted: ReadFiles['omitted'] = [];
  const wanted: TreeFile[] = [];
  let room = maxBytes;
  for (const path of new Set(paths)) {
    const file = byPath.get(path);
    if (file === undefined) omitted.push({ path, reason: 'missing' });
    else if (file.bytes > room) omitted.push({ path, reason: 'too-large' });
    else {
      room -= file.bytes;
      wanted.push(file);
    }
  }
  const files: ReadFiles['files'] = [];
  for (const [index, content] of (await readBlobs(repository, wanted, signal)).entries()) {
    const path = wanted[index]?.path ?? '';
    const text = textOf(content);
    if (text === undefined) omitted.push({ path, reason: 'binary' });
    else files.push({ path, text });
  }
  return { entries: listed.map(({ path, bytes }) => ({ path, bytes })), files, omitted };
}
