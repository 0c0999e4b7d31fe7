import { gitReadFiles, terminal, type CommandBus, type Run } from '@cascade/contracts';
import { chooseFiles, MAX_READ_BYTES, ownFiles, type FileEntry } from './choose-files.js';

export interface RepositoryFiles {
  /** Every file that counts, by path. */
  readonly entries: readonly FileEntry[];
  /** Contents of the chosen ones, by path. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** Every file of the commit, lock files and documents of earlier cascades included. */
  readonly all: readonly FileEntry[];
}

/** Lists a commit and reads what the team needs of it, in two journalled steps. Throws CASC_REPOSITORY_EMPTY (terminal). */
export async function readRepository(commands: CommandBus, run: Run, at: { repositoryId: string; commit: string }, request: string): Promise<RepositoryFiles> {
  const send = (key: string, paths: string[]) => run.step(key, () =>
    commands.send(gitReadFiles, { ...at, paths, maxBytes: MAX_READ_BYTES }, { key, cascadeId: run.cascadeId, signal: run.signal }));
  const { entries } = await send('stories/list files', []);
  if (entries.length === 0) {
    throw terminal('CASC_REPOSITORY_EMPTY', 'The repository has no files at this branch.', { advice: 'Commit the code and its tests first, or name another branch with --branch.' });
  }
  const { files } = await send('stories/read files', chooseFiles(entries, request));
  return { entries: ownFiles(entries), files: files.toSorted((left, right) => (left.path < right.path ? -1 : 1)), all: entries };
}
