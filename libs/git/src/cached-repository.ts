import type { GitAnswer, GitCall, GitRunner } from './git-runner.js';
import type { ObjectConversation } from './object-conversation.js';
import type { ObjectProcesses } from './object-processes.js';

/** The bare cache of one repository. Ids of commits from outside are checked by their schema before they come here. */
export class CachedRepository {
  /** @param borrowed a folder of objects that git reads beside those of the cache */
  constructor(private readonly runner: GitRunner, private readonly processes: ObjectProcesses, readonly id: string, readonly path: string, readonly globalConfig: string, private readonly borrowed?: string) {}

  /**
   * The same cache with the objects of a repository on this machine in sight, so that nothing has to be fetched to read them.
   * For reading only: what is written here must not refer to objects that their owner may remove. Git takes the folder
   * from a list, hence one whose name could be taken for two is left out, which gives undefined.
   */
  borrowing(objects: string): CachedRepository | undefined {
    return /[:"\n]/.test(objects) ? undefined : new CachedRepository(this.runner, this.processes, this.id, this.path, this.globalConfig, objects);
  }

  /** Runs git in the cache. */
  git(args: readonly string[], options: Omit<GitCall, 'args'> = {}): Promise<GitAnswer> {
    const env = { ...(this.borrowed === undefined ? {} : { GIT_ALTERNATE_OBJECT_DIRECTORIES: this.borrowed }), ...options.env };
    return this.runner.run({ gitDir: this.path, cache: this.path, globalConfig: this.globalConfig, ...options, env, args });
  }

  /** Asks one git process for objects, one question after the other. */
  withObjects<T>(talk: (objects: ObjectConversation) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.processes.use(`${this.id}\n${this.borrowed ?? ''}`, ({ args, ...options }) => this.git(args, options), talk, signal);
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
