import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeEach, expect, it } from '@jest/globals';
import { removeTemporaryFolders, temporaryFolder } from '@cascade/testing';
import { type Octokit } from '@octokit/rest';
import { type FakeGitHub } from './fake-github.js';
import { startFakeGitHub } from './start-fake-github.js';
import { quietOctokit } from './testing/quiet-octokit.js';
import { startReceiver } from './testing/receiver.js';

const shop = { owner: 'alice', repo: 'shop' };
const environment = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_TERMINAL_PROMPT: '0', GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b.c', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b.c' };
const git = async (...args: string[]): Promise<string> => (await promisify(execFile)('git', args, { env: environment })).stdout.trim();

let github: FakeGitHub;
let alice: Octokit;
let address: string;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeEach(async () => {
  receiver = await startReceiver();
  github = await startFakeGitHub();
  const { token } = github.addUser('alice');
  alice = quietOctokit(github.url, token);
  github.addUser('eve');
  github.addRepository('alice/shop', { isPrivate: true });
  address = `${github.url.replace('//', `//x-access-token:${token}@`)}/alice/shop.git`;
});

afterEach(async () => {
  await receiver.close();
  await github.close();
});
afterAll(removeTemporaryFolders);

it('is cloned and pushed to by those who may, and a push is told', async () => {
  await alice.repos.createWebhook({ ...shop, config: { url: receiver.url, content_type: 'json' }, events: ['push'] });
  const folder = path.join(temporaryFolder('clone'), 'shop');
  await git('clone', '--quiet', address, folder);
  expect(existsSync(path.join(folder, 'README.md'))).toBe(true);
  writeFileSync(path.join(folder, 'a.txt'), 'a\n');
  await git('-C', folder, 'add', '.');
  await git('-C', folder, 'commit', '-qm', 'one');
  await git('-C', folder, 'push', '--quiet', 'origin', 'HEAD:refs/heads/cascade/epic-1');
  await github.settled();
  const head = await git('-C', folder, 'rev-parse', 'HEAD');
  expect(github.branches('alice/shop').get('cascade/epic-1')).toBe(head);
  expect(receiver.received.at(-1)?.payload).toMatchObject({ ref: 'refs/heads/cascade/epic-1', created: true, after: head, commits: [{ id: head, message: 'one' }], sender: { login: 'alice' } });
  expect(github.journal.writes({ operation: 'git' }).map((one) => one.by)).toEqual(['alice']);
  const stranger = `${github.url.replace('//', `//x:${github.addToken({ login: 'eve' })}@`)}/alice/shop.git`;
  await expect(git('ls-remote', stranger)).rejects.toThrow('not found');
  await expect(git('ls-remote', `${github.url}/alice/shop.git`)).rejects.toThrow();
});

it('has pull requests that follow their branch, become drafts, and close issues when they are merged', async () => {
  await alice.repos.createWebhook({ ...shop, config: { url: receiver.url, content_type: 'json' }, events: ['pull_request', 'issues'] });
  await alice.issues.create({ ...shop, title: 'Story' });
  const asked = { ...shop, title: 'Epic 1', head: 'cascade/epic-1', base: 'main', body: 'Closes #1', draft: true };
  await expect(alice.pulls.create(asked)).rejects.toMatchObject({ status: 422, response: { data: { errors: [{ field: 'head', code: 'invalid' }] } } });
  github.addBranch({ repository: 'alice/shop', branch: 'cascade/epic-1', files: { 'a/b.txt': 'b\n' } });
  const { data: pull } = await alice.pulls.create(asked);
  await expect(alice.pulls.create(asked)).rejects.toMatchObject({ status: 422, response: { data: { errors: [{ message: 'A pull request already exists for alice:cascade/epic-1.' }] } } });
  const second = github.addBranch({ repository: 'alice/shop', branch: 'cascade/epic-1', files: { 'a/c.txt': 'c\n' } });
  expect((await alice.pulls.list({ ...shop, head: 'alice:cascade/epic-1' })).data.map((one) => [one.number, one.draft, one.head.sha])).toEqual([[2, true, second]]);
  expect((await alice.issues.listForRepo(shop)).data.map((one) => one.pull_request !== undefined)).toEqual([true, false]);
  const ready = await alice.graphql('mutation($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } } }', { id: pull.node_id });
  expect(ready).toEqual({ markPullRequestReadyForReview: { pullRequest: { isDraft: false } } });
  await alice.pulls.update({ ...shop, pull_number: 2, title: 'Epic one' });
  await alice.pulls.merge({ ...shop, pull_number: 2 });
  await github.settled();
  expect((await alice.pulls.get({ ...shop, pull_number: 2 })).data).toMatchObject({ merged: true, state: 'closed', merged_by: { login: 'alice' }, title: 'Epic one' });
  expect((await alice.issues.get({ ...shop, issue_number: 1 })).data.state).toBe('closed');
  expect(receiver.received.map((one) => [one.event, one.payload.action])).toEqual([
    ['ping', undefined], ['issues', 'opened'], ['pull_request', 'opened'], ['pull_request', 'synchronize'], ['pull_request', 'ready_for_review'], ['pull_request', 'edited'], ['pull_request', 'closed'], ['issues', 'closed'],
  ]);
});

it('starts as a copy of a repository of this machine', async () => {
  const folder = temporaryFolder('source');
  await git('init', '--quiet', '--initial-branch=main', folder);
  await git('-C', folder, 'commit', '--quiet', '--allow-empty', '-m', 'mine');
  github.addRepository('alice/copy', { copyOf: folder });
  expect(github.branches('alice/copy')).toEqual(new Map([['main', await git('-C', folder, 'rev-parse', 'HEAD')]]));
});

it('has branches that the API makes, moves and removes', async () => {
  const { data: main } = await alice.git.getRef({ ...shop, ref: 'heads/main' });
  await alice.git.createRef({ ...shop, ref: 'refs/heads/x/y', sha: main.object.sha });
  await expect(alice.git.createRef({ ...shop, ref: 'refs/heads/x/y', sha: main.object.sha })).rejects.toMatchObject({ status: 422 });
  const ahead = github.addBranch({ repository: 'alice/shop', branch: 'ahead', files: { x: '1' } });
  await alice.git.updateRef({ ...shop, ref: 'heads/x/y', sha: ahead });
  await expect(alice.git.updateRef({ ...shop, ref: 'heads/x/y', sha: main.object.sha })).rejects.toMatchObject({ status: 422 });
  await alice.git.deleteRef({ ...shop, ref: 'heads/ahead' });
  expect((await alice.repos.listBranches(shop)).data.map((one) => [one.name, one.commit.sha])).toEqual([['main', main.object.sha], ['x/y', ahead]]);
});
