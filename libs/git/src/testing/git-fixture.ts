import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GitRepositories } from '../git-repositories.js';

const quiet = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_NAME: 'User', GIT_AUTHOR_EMAIL: 'user@example.org', GIT_COMMITTER_NAME: 'User', GIT_COMMITTER_EMAIL: 'user@example.org' };

/** Git as a careless program calls it: for setting up, and as the positive control of attacks. */
export function naiveGit(folder: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...quiet }, stdio: ['ignore', 'pipe', 'pipe'] }).replace(/\n$/, '');
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

export function commitAll(folder: string, files: Readonly<Record<string, string>>, message = 'change'): string {
  writeFiles(folder, files);
  naiveGit(folder, 'add', '-A');
  naiveGit(folder, 'commit', '-q', '--allow-empty', '-m', message);
  return naiveGit(folder, 'rev-parse', 'HEAD');
}

/** Hash by path of everything below a folder, links by their targets: what "nothing was touched" is compared by. */
export function snapshot(folder: string, prefix = ''): Record<string, string> {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => a.name < b.name ? -1 : 1);
  return Object.assign({}, ...entries.map((entry): Record<string, string> => {
    const [path, name] = [join(folder, entry.name), `${prefix}${entry.name}`];
    if (entry.isSymbolicLink()) return { [name]: `-> ${readlinkSync(path)}` };
    if (entry.isDirectory()) return snapshot(path, `${name}/`);
    return { [name]: `${lstatSync(path).mode} ${createHash('sha256').update(readFileSync(path)).digest('hex')}` };
  })) as Record<string, string>;
}

export interface Fixture {
  readonly root: string;
  /** A user's repository with one commit on `main`. */
  readonly repo: string;
  readonly places: { cache: string; workspaces: string };
  readonly git: GitRepositories;
  readonly remove: () => Promise<void>;
}

/** A user's repository and an empty cache, in a folder of their own. */
export function makeFixture(files: Readonly<Record<string, string>> = { 'README.md': 'hello\n', 'src/a.js': 'one\n' }): Fixture {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'cascade-git-')));
  const repo = join(root, 'shop');
  mkdirSync(repo);
  naiveGit(repo, 'init', '-q', '-b', 'main');
  commitAll(repo, files, 'start');
  const places = { cache: join(root, 'cache'), workspaces: join(root, 'workspaces') };
  const git = new GitRepositories(places);
  return { root, repo, places, git, remove: async () => { await git.workspaces.settled(); git.close(); rmSync(root, { recursive: true, force: true }); } };
}

export const text = (subject: string): { subject: string; body: string; trailers: { name: string; value: string }[] } => ({ subject, body: '', trailers: [{ name: 'Cascade-Id', value: 'c1' }] });
