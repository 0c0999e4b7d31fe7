import type { GitAnswer, GitCall, GitRunner } from './git-runner.js';

/** The bare cache of one repository. Ids of commits from outside are checked by their schema before they come here. */
export class CachedRepository {
  constructor(private readonly runner: GitRunner, readonly id: string, readonly path: string, readonly globalConfig: string) {}

  /** Runs git in the cache. */
  git(args: readonly string[], options: Omit<GitCall, 'args'> = {}): Promise<GitAnswer> {
    return this.runner.run({ gitDir: this.path, cache: this.path, globalConfig: this.globalConfig, ...options, args });
  }

  /** The commit that a full ref name stands for, or undefined. */
  async readRef(ref: string, signal?: AbortSignal): Promise<string | undefined> {
    const answer = await this.git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`], { accept: [1, 128], signal });
    return answer.code === 0 ? answer.text : undefined;
  }

  /** Whether the cache has this commit. */
  async hasCommit(sha: string, signal?: AbortSignal): Promise<boolean> {
    return (await this.git(['cat-file', '-e', `${sha}^{commit}`], { accept: [1, 128], signal })).code === 0;
  }

  /** Whether `ancestor` is `descendant` or one of its ancestors. */
  async isAncestor(ancestor: string, descendant: string, signal?: AbortSignal): Promise<boolean> {
    return (await this.git(['merge-base', '--is-ancestor', ancestor, descendant], { accept: [1], signal })).code === 0;
  }
}
