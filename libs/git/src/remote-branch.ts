import { terminal } from '@cascade/contracts';
import type { CachedRepository } from './cached-repository.js';
import { TRANSFER_TIMEOUT_MS, type GitCall, type GitRunner } from './git-runner.js';
import type { RemoteAccess } from './remote-access.js';
import { addressOf, transportOf } from './repository-cache.js';
import type { RepositorySource } from './repository-source.js';

export const blocked = (branch: string): Error => terminal('CASC_BRANCH_BLOCKED', `The branch ${branch} cannot be created: another branch has a part of its name, for example \`${branch.split('/')[0] ?? ''}\`.`, { advice: 'Rename that branch.' });

/** A remote's branches, as we may change them: each change is a compare-and-swap, which the server does atomically. */
export class RemoteBranches {
  constructor(private readonly runner: GitRunner, private readonly cache: CachedRepository, private readonly source: RepositorySource, private readonly access: RemoteAccess, private readonly signal?: AbortSignal) {}

  private async call(): Promise<Omit<GitCall, 'args'>> {
    return { transport: transportOf(this.source), globalConfig: this.cache.globalConfig, timeoutMs: TRANSFER_TIMEOUT_MS, signal: this.signal, ...await this.access(this.source) };
  }

  /** Where the branch is. */
  async read(branch: string): Promise<string | undefined> {
    const answer = await this.runner.run({ args: ['ls-remote', '--quiet', '--', addressOf(this.source), `refs/heads/${branch}`], ...await this.call() });
    return answer.text === '' ? undefined : answer.text.split('\t')[0];
  }

  /**
   * Moves the branch from `from` (undefined: it is created) to `commit`; false when it is no longer there. Whether the
   * way is a forward one is the caller's to know. Throws `CASC_BRANCH_BLOCKED` and `CASC_PUSH_REFUSED`.
   */
  async move(branch: string, commit: string, from: string | undefined): Promise<boolean> {
    const ref = `refs/heads/${branch}`;
    const answer = await this.cache.git(['push', '--quiet', '--porcelain', '--no-verify', '--atomic', `--force-with-lease=${ref}:${from ?? ''}`, '--', addressOf(this.source), `${commit}:${ref}`], { ...await this.call(), accept: [1] });
    if (answer.code === 0) return true;
    const text = `${answer.text}\n${answer.stderr}`;
    // Two pushes that meet at the server: the one that comes second finds the ref locked or moved under it.
    if (/stale info|already exists|fetch first|non-fast-forward|but expected|failed to update ref|incorrect old value|unable to create '[^']*\.lock'/i.test(text)) return false;
    if (/directory file conflict|cannot lock ref|exists; cannot create/i.test(text)) throw blocked(branch);
    throw terminal('CASC_PUSH_REFUSED', 'The repository refuses the result branch.', { advice: 'Look at its branch rules and at the rights of the token or key.', findings: text.split('\n').filter((line) => /^!|rejected|remote:|error:/.test(line)).slice(0, 6).map((line) => line.slice(0, 300)) });
  }
}
