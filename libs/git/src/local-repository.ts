import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { terminal } from '@cascade/contracts';

/** A repository on this machine, found without running git in it: its configuration is not trusted. */
export interface LocalRepository {
  /** Of this checkout: holds HEAD and the index. */
  readonly gitDir: string;
  /** Of the repository: holds objects, branches and configuration. */
  readonly commonDir: string;
  /** Root of the checked-out files; none in a bare repository. */
  readonly workTree?: string;
  /** For people: the folder's name. */
  readonly name: string;
}

const MAX_POINTER_BYTES = 4_096;

async function readPointer(path: string, prefix: string): Promise<string | undefined> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined || !stats.isFile() || stats.size > MAX_POINTER_BYTES) return undefined;
  const text = (await readFile(path, 'utf8')).trim();
  return text.startsWith(prefix) ? text.slice(prefix.length).trim() : undefined;
}

const isFolder = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined))?.isDirectory() === true;
const isFile = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined))?.isFile() === true;
const isBareLayout = async (path: string): Promise<boolean> => await isFile(join(path, 'HEAD')) && await isFolder(join(path, 'objects')) && await isFolder(join(path, 'refs'));

/** The folder that `.git` stands for: itself, or what its one line points to (linked worktrees, submodules). */
async function gitDirOf(dotGit: string): Promise<string | undefined> {
  const stats = await lstat(dotGit).catch(() => undefined);
  if (stats === undefined) return undefined;
  if (await isFolder(dotGit)) return await isFile(join(dotGit, 'HEAD')) ? await realpath(dotGit) : undefined;
  const target = await readPointer(dotGit, 'gitdir:');
  if (target === undefined) return undefined;
  const path = isAbsolute(target) ? target : resolve(dirname(dotGit), target);
  return await isFile(join(path, 'HEAD')) ? await realpath(path) : undefined;
}

async function commonDirOf(gitDir: string): Promise<string> {
  const pointer = await readPointer(join(gitDir, 'commondir'), '');
  return pointer === undefined ? gitDir : await realpath(resolve(gitDir, pointer));
}

/**
 * The repository that `path` is or lies in. Looks at files only.
 * Throws `CASC_REPOSITORY_NOT_FOUND` (no such folder) and `CASC_NOT_A_REPOSITORY`.
 */
export async function locateRepository(path: string): Promise<LocalRepository> {
  if (!await isFolder(path)) {
    throw terminal('CASC_REPOSITORY_NOT_FOUND', `There is no folder ${path}.`, { advice: 'Give the path of a git repository, or its https or ssh address.' });
  }
  const start = await realpath(path);
  for (let folder = start; ; folder = dirname(folder)) {
    const gitDir = await gitDirOf(join(folder, '.git'));
    if (gitDir !== undefined) return { gitDir, commonDir: await commonDirOf(gitDir), workTree: folder, name: basename(folder) };
    if (await isBareLayout(folder)) {
      const name = basename(folder) === '.git' ? basename(dirname(folder)) : basename(folder);
      return { gitDir: folder, commonDir: await commonDirOf(folder), name };
    }
    if (folder === dirname(folder)) break;
  }
  throw terminal('CASC_NOT_A_REPOSITORY', `${path} is not in a git repository.`, { advice: 'Run `git init` there and commit, or give the path of a git repository.' });
}

/** The checked-out branch, or undefined when HEAD is detached or written in a form that only git reads. */
export async function checkedOutBranch(repository: LocalRepository): Promise<string | undefined> {
  return await readPointer(join(repository.gitDir, 'HEAD'), 'ref: refs/heads/');
}
