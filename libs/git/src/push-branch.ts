import { retryable, terminal } from '@cascade/contracts';
import type { CachedRepository } from './cached-repository.js';
import type { RemoteBranches } from './remote-branch.js';

/** Looks at a branch that others push to at the same time. */
const LOOKS = 5;

export interface PushRequest {
  readonly branch: string;
  readonly commit: string;
  /** Where the caller knows that the branch was pushed to before. */
  readonly previous?: string | undefined;
  /** The commit that the cascade started from; undefined when its refs are gone. */
  readonly base: string | undefined;
}

export interface PushedBranch {
  readonly branch: string;
  /** Where the branch is now: the commit, or one of ours that already holds it. */
  readonly sha: string;
  readonly moved: boolean;
}

/**
 * Whether `at` was written by the cascade itself: after the commit that it started from, and before `commit`. Nobody
 * else's commit is in that history, because the integration branch takes nothing from the repository.
 */
export async function isOwnCommit(cache: CachedRepository, at: string, commit: string, base: string | undefined): Promise<boolean> {
  if (base === undefined || at === base || !await cache.hasCommit(at)) return false;
  return await cache.isAncestor(base, at) && await cache.isAncestor(at, commit);
}

/**
 * Creates a branch at a remote, or moves it forward from what was pushed before; also from what a push left whose answer
 * was lost. Repeated or overtaken, it changes nothing. Throws `CASC_BRANCH_NOT_OURS` (terminal) when anything else is
 * there, or nothing where the caller had pushed something.
 */
export async function pushBranch(cache: CachedRepository, remote: RemoteBranches, { branch, commit, previous, base }: PushRequest): Promise<PushedBranch> {
  for (let look = 1; look <= LOOKS; look += 1) {
    const at = await remote.read(branch);
    if (at === commit) return { branch, sha: commit, moved: false };
    if (at === undefined ? previous !== undefined : !await isOurs(cache, at, { branch, commit, previous, base })) throw notOurs(branch, at);
    if (at !== undefined && await cache.isAncestor(commit, at)) return { branch, sha: at, moved: false };
    if (await remote.move(branch, commit, at)) return { branch, sha: commit, moved: true };
  }
  throw retryable('CASC_GIT_BUSY', `The branch ${branch} moved during each of ${LOOKS} pushes.`, { retryAfterMs: 5_000 });
}

async function isOurs(cache: CachedRepository, at: string, { commit, previous, base }: PushRequest): Promise<boolean> {
  if (!await cache.hasCommit(at)) return false;
  if (previous === undefined) return await isOwnCommit(cache, at, commit, base) || (base !== undefined && await cache.isAncestor(commit, at));
  return await cache.hasCommit(previous) && await cache.isAncestor(previous, at) && (await cache.isAncestor(at, commit) || await cache.isAncestor(commit, at));
}

function notOurs(branch: string, at: string | undefined): Error {
  const what = at === undefined ? 'was deleted' : `is at ${at.slice(0, 12)}, which Cascade did not push`;
  return terminal('CASC_BRANCH_NOT_OURS', `The branch ${branch} ${what}.`, { advice: 'Somebody works with it: the result is not pushed over it. Rename or delete that branch, or merge by hand.' });
}
