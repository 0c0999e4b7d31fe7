import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { gitCommit, gitReadFiles, ReplyOf, RequestOf } from '@cascade/contracts';
import { GitRepositories } from '@cascade/git';
import { repositoryFiles } from './sample-feature.js';

/** A real repository with the sample's files, and the two git commands that this tier sends, answered by real git. */
export class ShopRepository {
  readonly path: string;
  readonly git: GitRepositories;

  constructor(root: string) {
    this.path = join(root, 'shop');
    for (const [path, text] of Object.entries(repositoryFiles)) {
      mkdirSync(dirname(join(this.path, path)), { recursive: true });
      writeFileSync(join(this.path, path), text);
    }
    this.run('init', '-q', '-b', 'main');
    this.run('add', '.');
    this.run('commit', '-q', '-m', 'shop');
    this.git = new GitRepositories({ cache: join(root, 'cache'), workspaces: join(root, 'workspaces') });
  }

  readFiles({ repositoryId, commit, paths, maxBytes }: RequestOf<typeof gitReadFiles>): Promise<ReplyOf<typeof gitReadFiles>> {
    return this.git.readFiles(repositoryId, commit, paths, maxBytes);
  }

  commit({ cascadeId, repositoryId, files, subject, body, trailers }: RequestOf<typeof gitCommit>): Promise<ReplyOf<typeof gitCommit>> {
    return this.git.commitFiles(cascadeId, repositoryId, files, { subject, body, trailers });
  }

  private run(...words: string[]): void {
    execFileSync('git', ['-C', this.path, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words]);
  }
}
