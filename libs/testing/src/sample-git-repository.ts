import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from './temporary-folder.js';

export interface SampleRepository {
  readonly folder: string;
  /** Runs git in it; gives what it prints, trimmed. */
  git(...args: string[]): string;
  write(files: Readonly<Record<string, string>>): void;
  /** Commits everything; gives the commit's id, which is the same for the same content and history. */
  commit(message: string): string;
}

const identity = {
  GIT_AUTHOR_NAME: 'Sample', GIT_AUTHOR_EMAIL: 'sample@example.com', GIT_AUTHOR_DATE: '2026-01-05T09:00:00Z',
  GIT_COMMITTER_NAME: 'Sample', GIT_COMMITTER_EMAIL: 'sample@example.com', GIT_COMMITTER_DATE: '2026-01-05T09:00:00Z',
};

/**
 * A git repository in a temporary folder with branch `main` and one commit of `files` (none for an empty repository).
 * Untouched by the settings of whoever runs the tests; its last path segment is `name`.
 */
export function sampleGitRepository(files: Readonly<Record<string, string>> = {}, name = 'sample'): SampleRepository {
  const folder = path.join(temporaryFolder('repository'), name);
  mkdirSync(folder);
  const git = (...args: string[]): string => execFileSync('git', args, {
    cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: folder, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', ...identity },
  }).trim();
  const write = (more: Readonly<Record<string, string>>): void => {
    for (const [file, text] of Object.entries(more)) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }
  };
  const commit = (message: string): string => {
    git('add', '--all');
    git('commit', '--quiet', '--message', message);
    return git('rev-parse', 'HEAD');
  };
  git('init', '--quiet');
  git('symbolic-ref', 'HEAD', 'refs/heads/main');
  write(files);
  if (Object.keys(files).length > 0) commit('first');
  return { folder, git, write, commit };
}
