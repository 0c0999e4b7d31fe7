import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isCascadeError } from '@cascade/contracts';
import type { CachedRepository } from './cached-repository.js';
import type { LocalRepository } from './local-repository.js';

const MAX_INDEX_BYTES = 256 * 1024 * 1024;

/**
 * How many files of a user's checkout differ from the commit that it stands at, new files included; undefined when
 * that cannot be told. Looks with our own GIT_DIR at a copy of the index: `git status` in the repository itself would
 * run the filters that its configuration names, and may write its index.
 */
export async function countUncommittedChanges(repository: CachedRepository, local: LocalRepository, commit: string, signal?: AbortSignal): Promise<number | undefined> {
  const index = join(local.gitDir, 'index');
  const stats = await stat(index).catch(() => undefined);
  if (local.workTree === undefined || stats === undefined || stats.size > MAX_INDEX_BYTES) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'cascade-index-'));
  try {
    await copyFile(index, join(folder, 'index'));
    const options = { workTree: local.workTree, env: { GIT_INDEX_FILE: join(folder, 'index') }, signal };
    const exclude = join(local.commonDir, 'info', 'exclude');
    const excludes = await stat(exclude).catch(() => undefined) === undefined ? [] : [`--exclude-from=${exclude}`];
    const plain = ['--no-ext-diff', '--no-textconv', '--ignore-submodules=all', '--name-only', '-z'];
    await repository.git(['update-index', '-q', '--refresh'], { ...options, accept: [1] });
    const answers = [
      await repository.git(['diff-index', ...plain, commit], options),
      await repository.git(['ls-files', '--others', '--exclude-standard', ...excludes, '-z'], options),
    ];
    return new Set(answers.flatMap(({ stdout }) => stdout.toString('utf8').split('\0')).filter((path) => path !== '')).size;
  } catch (error) {
    if (isCascadeError(error) && error.kind !== 'cancelled') return undefined; // a split index, or one of a newer git: only the notice is lost
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
