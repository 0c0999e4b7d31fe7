import { retryable, terminal } from '@cascade/contracts';
import type { CachedRepository } from './cached-repository.js';
import type { GitAnswer, GitRunner } from './git-runner.js';
import { TRANSFER_TIMEOUT_MS } from './git-runner.js';
import type { LocalRepository } from './local-repository.js';
import { remoteAccess } from './remote-access.js';
import { addressOf, transportOf } from './repository-cache.js';
import type { RepositorySource } from './repository-source.js';

/** `name`, then `name-2` … `name-20`: as many results of one name as a repository takes. */
const MAX_NAMES = 20;

export interface PublishTarget {
  readonly source: RepositorySource;
  readonly globalConfig: string;
}

export interface Published {
  readonly branch: string;
  readonly sha: string;
}

/** Creates a branch in the user's repository; false when a branch of this name appeared meanwhile. */
type CreateBranch = (branch: string) => Promise<boolean>;
type ReadBranch = (branch: string) => Promise<string | undefined>;

/** The names that a result may get, in the order in which they are tried. */
export const namesOf = (branch: string): string[] => Array.from({ length: MAX_NAMES }, (_, index) => index === 0 ? branch : `${branch}-${index + 1}`);

/**
 * The first free name gets the commit. A name that has it already is the answer: this call was made before.
 * A branch is only ever created, never moved: another commit at a name is somebody's work.
 */
async function createFirstFree(branch: string, commit: string, read: ReadBranch, create: CreateBranch): Promise<Published> {
  for (const name of namesOf(branch)) {
    const existing = await read(name);
    if (existing === commit) return { branch: name, sha: commit };
    if (existing !== undefined) continue;
    if (await create(name) || await read(name) === commit) return { branch: name, sha: commit };
  }
  throw terminal('CASC_BRANCH_EXISTS', `The branches ${branch} to ${branch}-${MAX_NAMES} exist already.`, { advice: 'Delete or rename those that are no longer needed, or choose another epic name.' });
}

const blocked = (branch: string): Error => terminal('CASC_BRANCH_BLOCKED', `The branch ${branch} cannot be created: another branch has a part of its name, for example \`${branch.split('/')[0] ?? ''}\`.`, { advice: 'Rename that branch.' });

/**
 * Into a repository on this machine: first the objects, without any ref, then the branch, atomically. Neither runs
 * hooks, writes FETCH_HEAD, or touches HEAD, index or files. A crash between leaves objects that nothing names.
 */
export async function publishLocally(runner: GitRunner, cache: CachedRepository, target: PublishTarget & { local: LocalRepository }, commit: string, branch: string, signal?: AbortSignal): Promise<Published> {
  const theirs = (args: string[], options: { accept?: number[]; transport?: 'file' } = {}): Promise<GitAnswer> =>
    runner.run({ args, gitDir: target.local.commonDir, globalConfig: target.globalConfig, timeoutMs: TRANSFER_TIMEOUT_MS, signal, ...options });
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
  );
}

/** To a remote, by a push that may only create the branch; the server does that atomically. */
export async function publishRemotely(runner: GitRunner, cache: CachedRepository, target: PublishTarget, commit: string, branch: string, signal?: AbortSignal): Promise<Published> {
  const address = addressOf(target.source);
  const access = { transport: transportOf(target.source), timeoutMs: TRANSFER_TIMEOUT_MS, signal, ...remoteAccess(target.source) };
  return await createFirstFree(
    branch, commit,
    async (name) => {
      const answer = await runner.run({ args: ['ls-remote', '--quiet', '--', address, `refs/heads/${name}`], ...access });
      return answer.text === '' ? undefined : answer.text.split('\t')[0];
    },
    async (name) => {
      const ref = `refs/heads/${name}`;
      const answer = await cache.git(['push', '--quiet', '--porcelain', '--no-verify', '--atomic', `--force-with-lease=${ref}:`, '--', address, `${commit}:${ref}`], { ...access, accept: [1] });
      if (answer.code === 0) return true;
      const text = `${answer.text}\n${answer.stderr}`;
      if (/stale info|already exists|fetch first|non-fast-forward/i.test(text)) return false;
      if (/directory file conflict|cannot lock ref|exists; cannot create/i.test(text)) throw blocked(name);
      throw terminal('CASC_PUSH_REFUSED', 'The repository refuses the result branch.', { advice: 'Look at its branch rules and at the rights of the token or key.', findings: text.split('\n').filter((line) => /^!|rejected|remote:|error:/.test(line)).slice(0, 6).map((line) => line.slice(0, 300)) });
    },
  );
}
