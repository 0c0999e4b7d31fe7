import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkedOutBranch } from './local-repository.js';
import { parseSource, repositoryIdOf } from './repository-source.js';

/** More than any list of packed refs that is worth reading for one answer. */
const MAX_PACKED_REFS_BYTES = 4 * 1024 * 1024;
const refName = /^[^\0-\u0020\u007f~^:?*[\\]{1,244}$/;

/** What a repository's own files say of it, without git and without a network: enough to know it again, and whether it moved. */
export interface RepositoryLook {
  readonly repositoryId: string;
  /** The checked-out branch of a local repository. */
  readonly branch: string | undefined;
  /** Where a branch of a local repository stands; undefined where its files do not say. */
  tipOf(branch: string): Promise<string | undefined>;
}

/** Throws what `parseSource` throws. */
export async function lookAtRepository(address: string): Promise<RepositoryLook> {
  const source = await parseSource(address);
  const repositoryId = repositoryIdOf(source);
  if (source.kind === 'remote') return { repositoryId, branch: undefined, tipOf: async () => undefined };
  return { repositoryId, branch: await checkedOutBranch(source.local), tipOf: (branch) => tipOf(source.local.commonDir, branch) };
}

/** Where a branch of the repository below `commonDir` stands; undefined where its files do not say. */
export async function tipOf(commonDir: string, branch: string): Promise<string | undefined> {
  if (!refName.test(branch) || branch.split('/').some((part) => part === '' || part.startsWith('.'))) return undefined;
  const loose = (await readSmall(join(commonDir, 'refs/heads', branch), 100))?.trim();
  if (loose !== undefined) return isSha(loose) ? loose : undefined;
  const packed = await readSmall(join(commonDir, 'packed-refs'), MAX_PACKED_REFS_BYTES);
  const found = packed?.split('\n').find((line) => line.endsWith(` refs/heads/${branch}`))?.split(' ')[0];
  return found !== undefined && isSha(found) ? found : undefined;
}

const isSha = (text: string): boolean => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);

async function readSmall(path: string, bytes: number): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true && found.size <= bytes ? readFile(path, 'utf8').catch(() => undefined) : undefined;
}
