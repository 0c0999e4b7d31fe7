import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Repository } from '../world/types.js';

const MAX_OUTPUT = 64 * 1024 * 1024;
/** Nothing of this machine's settings; commits are the same in every run. */
const environment = {
  PATH: process.env['PATH'] ?? '', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C',
  GIT_AUTHOR_NAME: 'GitHub', GIT_AUTHOR_EMAIL: 'noreply@github.com', GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'GitHub', GIT_COMMITTER_EMAIL: 'noreply@github.com', GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
};

const SIGNATURE = 'GitHub <noreply@github.com> 1767225600 +0000';

export interface Commit {
  readonly id: string;
  readonly tree: string;
  readonly author: string;
  readonly email: string;
  readonly at: string;
  readonly message: string;
}

/** The git repositories behind the fake's ones: bare, in a temporary folder, made when first asked for. */
export class BareRepositories {
  readonly #made = new Set<number>();
  readonly #sources = new Map<number, string>();
  #root: string | undefined;

  get root(): string {
    return this.#root ??= mkdtempSync(path.join(os.tmpdir(), 'cascade-test-github-'));
  }

  /** The repository starts as a copy of the one at `source` (a folder on this machine). */
  startFrom(repository: Repository, source: string): void {
    this.#sources.set(repository.id, source);
  }

  folder(repository: Repository): string {
    const folder = path.join(this.root, `${repository.id}.git`);
    if (this.#made.has(repository.id)) return folder;
    this.#made.add(repository.id);
    const source = this.#sources.get(repository.id);
    if (source === undefined) run(['init', '--quiet', '--bare', `--initial-branch=${repository.defaultBranch}`, folder]);
    else run(['clone', '--quiet', '--bare', '--no-hardlinks', source, folder]);
    appendFileSync(path.join(folder, 'config'), '[http]\n\treceivepack = true\n');
    if (source === undefined) this.commit(repository, repository.defaultBranch, { 'README.md': `# ${repository.name}\n` }, 'Initial commit');
    return folder;
  }

  git(repository: Repository, args: readonly string[], input?: string): string {
    return run(['-C', this.folder(repository), ...args], input);
  }

  /** Names of branches and where they are. */
  branches(repository: Repository): ReadonlyMap<string, string> {
    const lines = this.git(repository, ['for-each-ref', '--format=%(objectname) %(refname:strip=2)', 'refs/heads']).split('\n').filter((line) => line !== '');
    return new Map(lines.map((line) => [line.slice(41), line.slice(0, 40)]));
  }

  /** Writes files on top of a branch; a new one starts at the default branch. */
  commit(repository: Repository, branch: string, files: Readonly<Record<string, string>>, message: string): string {
    const branches = this.branches(repository);
    const parent = branches.get(branch) ?? branches.get(repository.defaultBranch);
    const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
    const changes = Object.entries(files).map(([name, text]) => `M 100644 inline ${JSON.stringify(name)}\n${data(text)}`);
    this.git(repository, ['fast-import', '--quiet'], [`commit refs/heads/${branch}\n`, `committer ${SIGNATURE}\n`, data(message), ...(parent === undefined ? [] : [`from ${parent}\n`]), ...changes].join(''));
    return this.branches(repository).get(branch) ?? '';
  }

  isAncestor(repository: Repository, older: string, newer: string): boolean {
    try {
      this.git(repository, ['merge-base', '--is-ancestor', older, newer]);
      return true;
    } catch {
      return false;
    }
  }

  /** @returns the merge commit, at which the base is now; undefined when they conflict */
  merge(repository: Repository, base: string, headSha: string, message: string): string | undefined {
    const baseSha = this.branches(repository).get(base) ?? '';
    let tree: string;
    try {
      tree = this.git(repository, ['merge-tree', '--write-tree', baseSha, headSha]).trim();
    } catch {
      return undefined;
    }
    const sha = this.git(repository, ['commit-tree', tree, '-p', baseSha, '-p', headSha, '-m', message]).trim();
    this.git(repository, ['update-ref', `refs/heads/${base}`, sha]);
    return sha;
  }

  /** Newest first. */
  log(repository: Repository, from: string | undefined, to: string, limit: number): readonly Commit[] {
    const text = this.git(repository, ['log', '-z', `--max-count=${limit}`, '--format=%H%n%T%n%an%n%ae%n%cI%n%B', from === undefined ? to : `${from}..${to}`]);
    return text.split('\0').filter((one) => one !== '').map((one) => {
      const [id = '', tree = '', author = '', email = '', at = '', ...message] = one.split('\n');
      return { id, tree, author, email, at, message: message.join('\n').trim() };
    });
  }

  close(): void {
    if (this.#root !== undefined) rmSync(this.#root, { recursive: true, force: true, maxRetries: 5 });
    this.#root = undefined;
  }
}

const run = (args: readonly string[], input?: string): string =>
  execFileSync('git', args, { env: environment, encoding: 'utf8', maxBuffer: MAX_OUTPUT, stdio: ['pipe', 'pipe', 'pipe'], ...(input === undefined ? {} : { input }) });
