import { afterEach, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { GitRepositories } from '@cascade/git';
import { readGitHubConfig } from '@cascade/github';
import { startFakeGitHub, type FakeGitHub } from '@cascade/github-fake';
import { removeTemporaryFolders, sampleGitRepository, temporaryFolder } from '@cascade/testing';
import { GitHubRemotes } from './github-remotes.js';
import { cartFiles } from './testing/worker-fixture.js';

let github: FakeGitHub;
afterEach(async () => {
  await github.close();
  removeTemporaryFolders();
});

/** A private repository, and git with the tokens of an App that has these permissions there. */
async function start(permissions: Readonly<Record<string, 'read' | 'write'>>): Promise<{ git: GitRepositories; address: string }> {
  github = await startFakeGitHub();
  github.addUser('alice');
  github.addRepository('alice/shop', { isPrivate: true, copyOf: sampleGitRepository(cartFiles, 'shop').folder });
  const { id, privateKey } = github.addApp({ slug: 'cascade', owner: 'alice', permissions: { metadata: 'read', ...permissions } });
  const { tokenFor } = new GitHubRemotes(readGitHubConfig({ CASCADE_GITHUB_API: github.url, CASCADE_GITHUB_APP_ID: String(id), CASCADE_GITHUB_PRIVATE_KEY: privateKey }));
  const root = temporaryFolder('github-push');
  return { git: new GitRepositories({ cache: join(root, 'cache'), workspaces: join(root, 'workspaces'), ...(tokenFor === undefined ? {} : { tokenFor }) }), address: `${github.url}/alice/shop` };
}

it('reaches a private repository with tokens that the App makes for it, and pushes forward', async () => {
  const { git, address } = await start({ contents: 'write' });
  const { repositoryId } = await git.open('c1', address);
  const shas: string[] = [];
  for (const content of ['one', 'two']) shas.push((await git.commitFiles('c1', repositoryId, [{ path: 'docs/a.md', content }], { subject: content, body: '', trailers: [] })).sha);
  const [one = '', two = ''] = shas;
  expect(await git.push('c1', repositoryId, { commit: one, branch: 'cascade/1-x' })).toMatchObject({ sha: one, moved: true });
  expect(await git.push('c1', repositoryId, { commit: two, branch: 'cascade/1-x', previous: one })).toMatchObject({ sha: two, moved: true });
  expect(github.branches('alice/shop').get('cascade/1-x')).toBe(two);
  expect(await git.withdraw(repositoryId, two, 'cascade/1-x')).toBe(true);
  expect(github.branches('alice/shop').has('cascade/1-x')).toBe(false);
});

it('says what an App lacks that may not push', async () => {
  const { git, address } = await start({ contents: 'read' });
  const error: unknown = await git.open('c1', address).then(() => undefined, (failure: unknown) => failure);
  expect(error).toMatchObject({ kind: 'terminal', code: 'CASC_GITHUB_INVALID', message: expect.stringContaining('permissions') });
  expect(JSON.stringify(error)).not.toMatch(/PRIVATE KEY|ghs_/);
});
