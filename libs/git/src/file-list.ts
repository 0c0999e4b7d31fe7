import { terminal, type TreeList } from '@cascade/contracts';
import type { CachedRepository } from './cached-repository.js';

/** Files that one list may have: it is held in memory by who makes it and by who reads it. */
export const MAX_LISTED = 200_000;
/** What git may print of so many. */
const MAX_LIST_BYTES = 64 * 1024 * 1024;
const DELETED = '000000';

type ListedFile = TreeList['files'][number];

/** Trees have no more kinds: whatever is neither a link nor another repository's commit has bytes. */
export const kindOf = (mode: string): ListedFile['kind'] => mode === '160000' ? 'submodule' : mode === '120000' ? 'symlink' : 'file';

const recordsOf = (output: Buffer): string[] => output.toString('utf8').split('\0').slice(0, -1);

/** Every file of a commit, with the blob that holds it. Throws `CASC_REPOSITORY_TOO_LARGE` past `MAX_LISTED`. */
export async function listFiles(repository: CachedRepository, commit: string, signal?: AbortSignal): Promise<TreeList> {
  const { stdout } = await repository.git(['ls-tree', '-r', '-z', '--full-tree', commit], { maxOutputBytes: MAX_LIST_BYTES, signal });
  return bounded({
    removed: [],
    files: recordsOf(stdout).map((record) => {
      const tab = record.indexOf('\t');
      const [mode = '', , blob = ''] = record.slice(0, tab).split(' ');
      return { path: record.slice(tab + 1), blob, kind: kindOf(mode) };
    }),
  });
}

/** What is another in `commit` than in `since`: files that are new or have other bytes, and paths that are gone; nothing when the cache lacks `since`. Throws as `listFiles` does. */
export async function listChanges(repository: CachedRepository, since: string, commit: string, signal?: AbortSignal): Promise<TreeList | undefined> {
  const { code, stdout } = await repository.git(['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-ext-diff', since, commit], { maxOutputBytes: MAX_LIST_BYTES, accept: [128], signal });
  if (code !== 0) return undefined;
  const records = recordsOf(stdout);
  const list: TreeList = { files: [], removed: [] };
  for (let at = 0; at + 1 < records.length; at += 2) {
    const [, mode = '', , blob = ''] = records[at]!.split(' ');
    const path = records[at + 1]!;
    if (mode === DELETED) list.removed.push(path);
    else list.files.push({ path, blob, kind: kindOf(mode) });
  }
  return bounded(list);
}

function bounded(list: TreeList): TreeList {
  if (list.files.length + list.removed.length <= MAX_LISTED) return list;
  throw terminal('CASC_REPOSITORY_TOO_LARGE', `The commit has more than ${MAX_LISTED} files.`, { advice: 'Cascade does not work with repositories of this size.' });
}
