import { gitReadFiles, terminal, type CommandBus, type ReplyOf, type Run } from '@cascade/contracts';
import { chooseFiles, MAX_READ_BYTES, ownFiles, type FileEntry } from './choose-files.js';

export interface RepositoryFiles {
  /** Every file that counts, by path. */
  readonly entries: readonly FileEntry[];
  /** Contents of the chosen ones, by path. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** Every file of the commit, lock files and documents of earlier cascades included. */
  readonly all: readonly FileEntry[];
}

export interface RepositoryPlace {
  readonly repositoryId: string;
  readonly commit: string;
}

/** Lists a commit, in a journalled step. Throws CASC_REPOSITORY_EMPTY (terminal). */
export async function listRepository(commands: CommandBus, run: Run, at: RepositoryPlace): Promise<readonly FileEntry[]> {
  const { entries } = await read(commands, run, at, 'stories/list files', []);
  if (entries.length > 0) return entries;
  throw terminal('CASC_REPOSITORY_EMPTY', 'The repository has no files at this branch.', { advice: 'Commit the code and its tests first, or name another branch with --branch.' });
}

/** Reads what the team needs of a commit, in a journalled step; `found`: paths that come first. */
export async function readRepository(commands: CommandBus, run: Run, at: RepositoryPlace, entries: readonly FileEntry[], request: string, found: readonly string[]): Promise<RepositoryFiles> {
  const { files } = await read(commands, run, at, 'stories/read files', chooseFiles(entries, request, found));
  return { entries: ownFiles(entries), files: files.toSorted((left, right) => (left.path < right.path ? -1 : 1)), all: entries };
}

const read = (commands: CommandBus, run: Run, at: RepositoryPlace, key: string, paths: string[]): Promise<ReplyOf<typeof gitReadFiles>> =>
  run.step(key, () => commands.send(gitReadFiles, { ...at, paths, maxBytes: MAX_READ_BYTES }, { key, cascadeId: run.cascadeId, signal: run.signal }));
