import { retryable, terminal } from '@cascade/contracts';
import type { CachedRepository } from './cached-repository.js';
import type { GitAnswer, GitRunner } from './git-runner.js';
import { TRANSFER_TIMEOUT_MS } from './git-runner.js';
import type { LocalRepository } from './local-repository.js';
import { blocked, type RemoteBranches } from './remote-branch.js';

/** `name`, then `name-2` … `name-20`: as many results of one name as a repository takes. */
const MAX_NAMES = 20;

export interface Published {
  readonly branch: string;
  readonly sha: string;
}

/** Creates a branch in the user's repository, or moves it from where it is; false when it changed meanwhile. */
type SetBranch = (branch: string, from: string | undefined) => Promise<boolean>;
type ReadBranch = (branch: string) => Promise<string | undefined>;

/** The names that a result may get, in the order in which they are tried. */
export const namesOf = (branch: string): string[] => Array.from({ length: MAX_NAMES }, (_, index) => index === 0 ? branch : `${branch}-${index + 1}`);

/**
 * The first free name gets the commit. A name that has it already is the answer: this call was made before.
 * A branch is only ever created, or moved forward from what the cascade pushed itself: another commit at a name is
 * somebody's work.
 */
async function createFirstFree(branch: string, commit: string, read: ReadBranch, set: SetBranch, isOwn: (at: string) => Promise<boolean>): Promise<Published> {
  for (const name of namesOf(branch)) {
    const existing = await read(name);
    if (existing === commit) return { branch: name, sha: commit };
    if (existing !== undefined && !await isOwn(existing)) continue;
    if (await set(name, existing) || await read(name) === commit) return { branch: name, sha: commit };
  }
  throw terminal('CASC_BRANCH_EXISTS', `The branches ${branch} to ${branch}-${MAX_NAMES} exist already.`, { advice: 'Delete or rename those that are no longer needed, or choose another epic name.' });
}

/**
 * Into a repository on this machine: first the objects, without any ref, then the branch, atomically. Neither runs
 * hooks, writes FETCH_HEAD, or touches HEAD, index or files. A crash between leaves objects that nothing names.
 */
export async function publishLocally(runner: GitRunner, cache: CachedRepository, local: LocalRepository, commit: string, branch: string, signal?: AbortSignal): Promise<Published> {
  const theirs = (args: string[], options: { accept?: number[]; transport?: 'file' } = {}): Promise<GitAnswer> =>
    runner.run({ args, gitDir: local.commonDir, globalConfig: cache.globalConfig, timeoutMs: TRANSFER_TIMEOUT_MS, signal, ...options });
  const source = `refs/cascade/publish/${commit}`;
  await cache.git(['update-ref', source, commit], { signal });
  await theirs(['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--no-recurse-submodules', '--', cache.path, source], { transport: 'file' });
  await cache.git(['update-ref', '-d', source, commit], { accept: [1, 128], signal });
  return await createFirstFree(
    branch, commit,
    async (name) => {
      const answer = await theirs(['rev-parse', '--verify', '--quiet', '--end-of-options', `refs/heads/${name}`], { accept: [1, 128] });
      return answer.code === 0 ? answer.text : undefined;
    },
    async (name) => {
      const answer = await theirs(['update-ref', '-m', 'cascade: result', `refs/heads/${name}`, commit, '0'.repeat(commit.length)], { accept: [1, 128] });
      if (answer.code === 0) return true;
      if (/exists; cannot create|there are still refs under/i.test(answer.stderr)) throw blocked(name);
      if (/but expected|reference already exists/i.test(answer.stderr)) return false;
      if (/unable to create|permission|read-only/i.test(answer.stderr)) throw terminal('CASC_REPOSITORY_READ_ONLY', 'The result branch cannot be written into the repository.', { advice: 'Give the user that runs Cascade write access to it.' });
      throw retryable('CASC_GIT_FAILED', 'The result branch could not be created.', { findings: [answer.stderr.trim().slice(0, 300)] });
    },
    async () => false, // nothing is pushed there before the end
  );
}

/**
 * To a remote, by a push that may only create the branch, or move it forward from what the cascade pushed there itself
 * (`isOwn`).
 */
export async function publishRemotely(remote: RemoteBranches, commit: string, branch: string, isOwn: (at: string) => Promise<boolean>): Promise<Published> {
  return await createFirstFree(branch, commit, (name) => remote.read(name), (name, from) => remote.move(name, commit, from), isOwn);
}
