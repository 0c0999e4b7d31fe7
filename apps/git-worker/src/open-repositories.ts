import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { GitRepositories } from '@cascade/git';
import { readGitHubConfig } from '@cascade/github';
import type { ClassProvider, HostConfig } from '@cascade/service-host';
import { GitHubRemotes } from './github-remotes.js';

/**
 * One for the whole process: its locks order the work on a repository. What a killed worker left half made is removed
 * here, before anything of this process is half made, and must not wait until its cascade is cleaned up.
 */
export async function openRepositories(config: HostConfig, env: NodeJS.ProcessEnv): Promise<ClassProvider[]> {
  const github = new GitHubRemotes(readGitHubConfig(env));
  const { tokenFor } = github;
  const git = new GitRepositories({ cache: join(config.cacheFolder, 'git'), workspaces: config.workspacesFolder, driver: config.workspaceDriver, ...(tokenFor === undefined ? {} : { tokenFor }) });
  const removed = await git.workspaces.recover();
  if (removed.length > 0) new Logger('git-worker').log(`removed ${removed.length} half-made workspaces of an earlier process`);
  if (config.workspaceDriver !== 'worktree') new Logger('git-worker').log(`stories are spread over branches by ${(await git.workspaces.storyDriver()).line}`);
  return [{ provide: GitRepositories, useValue: git }, { provide: GitHubRemotes, useValue: github }];
}
