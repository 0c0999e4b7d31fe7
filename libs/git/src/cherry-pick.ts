import type { CachedRepository } from './cached-repository.js';
import { commitTree } from './commit-writer.js';

/**
 * The tree that `onto` has when what `commit` changed (against its first parent) is put onto it; undefined when that
 * does not fit. Without a checkout: a stand-in with the tree of `onto` is made a sibling of the commit, so that the
 * merge's base is the commit's parent (`merge-tree --merge-base` is only in git 2.40).
 */
export async function pickedTree(repository: CachedRepository, commit: string, onto: string, signal?: AbortSignal): Promise<string | undefined> {
  const standIn = await commitTree(repository, `${onto}^{tree}`, [`${commit}^1`], 'stand-in', signal);
  const answer = await repository.git(['merge-tree', '--write-tree', '-z', '--no-messages', standIn, commit], { accept: [1], signal });
  return answer.code === 0 ? answer.stdout.toString('utf8').split('\0')[0] : undefined;
}

/** A commit's message as it is. */
export async function messageOf(repository: CachedRepository, commit: string, signal?: AbortSignal): Promise<string> {
  return (await repository.git(['log', '-1', '--format=%B', commit], { signal })).text;
}
