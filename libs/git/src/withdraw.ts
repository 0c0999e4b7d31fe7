import { retryable } from '@cascade/contracts';
import type { CachedRepository } from './cached-repository.js';
import { TRANSFER_TIMEOUT_MS, type GitRunner } from './git-runner.js';
import type { RemoteAccess } from './remote-access.js';
import { namesOf } from './publish.js';
import { addressOf, transportOf, type OpenedRepository } from './repository-cache.js';

/**
 * Takes a published result branch away, if nobody has made it theirs: it is left when it is at another commit by now,
 * when another branch contains its commit, and when it is checked out somewhere. `opened` is fresh from its source.
 * False when nothing was removed.
 */
export async function withdrawBranch(runner: GitRunner, access: RemoteAccess, opened: OpenedRepository, commit: string, branch: string, signal?: AbortSignal): Promise<boolean> {
  const name = namesOf(branch).find((one) => opened.heads.get(one) === commit);
  if (name === undefined || await isMerged(opened.repository, commit, name, signal)) return false;
  return opened.source.kind === 'local' ? await withdrawLocally(runner, opened, commit, name, signal) : await withdrawRemotely(access, opened, commit, name, signal);
}

async function isMerged(repository: CachedRepository, commit: string, name: string, signal?: AbortSignal): Promise<boolean> {
  const { text } = await repository.git(['for-each-ref', '--format=%(refname:lstrip=3)', '--contains', commit, 'refs/source/heads/'], { signal });
  return text.split('\n').some((other) => other !== '' && other !== name);
}

async function withdrawLocally(runner: GitRunner, { repository, source }: OpenedRepository, commit: string, name: string, signal?: AbortSignal): Promise<boolean> {
  if (source.kind !== 'local') return false;
  const theirs = { gitDir: source.local.commonDir, globalConfig: repository.globalConfig, timeoutMs: TRANSFER_TIMEOUT_MS, signal };
  const worktrees = await runner.run({ ...theirs, args: ['worktree', 'list', '--porcelain'] });
  if (worktrees.text.split('\n').includes(`branch refs/heads/${name}`)) return false;
  const answer = await runner.run({ ...theirs, args: ['update-ref', '-m', 'cascade: withdrawn', '-d', `refs/heads/${name}`, commit], accept: [1, 128] });
  return isRemoved(answer.code, answer.stderr);
}

async function withdrawRemotely(access: RemoteAccess, { repository, source }: OpenedRepository, commit: string, name: string, signal?: AbortSignal): Promise<boolean> {
  const call = { transport: transportOf(source), timeoutMs: TRANSFER_TIMEOUT_MS, signal, ...await access(source) };
  const ref = `refs/heads/${name}`;
  const answer = await repository.git(['push', '--quiet', '--porcelain', '--no-verify', `--force-with-lease=${ref}:${commit}`, '--', addressOf(source), `:${ref}`], { ...call, accept: [1] });
  return isRemoved(answer.code, `${answer.text}\n${answer.stderr}`);
}

function isRemoved(code: number, told: string): boolean {
  if (code === 0) return true;
  // Moved or removed between our look and our command: no longer ours.
  if (/stale info|but expected|unable to resolve reference|does not exist/i.test(told)) return false;
  throw retryable('CASC_GIT_FAILED', 'The result branch could not be withdrawn.', { findings: [told.trim().slice(0, 300)] });
}
