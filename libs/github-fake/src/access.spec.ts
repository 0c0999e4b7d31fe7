import { createAppAuth } from '@octokit/auth-app';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Octokit } from '@octokit/rest';
import { SettableClock } from './clock.js';
import { type FakeGitHub } from './fake-github.js';
import { startFakeGitHub } from './start-fake-github.js';
import { githubLimits } from './http/limits.js';
import { quietOctokit } from './testing/quiet-octokit.js';
import { startReceiver } from './testing/receiver.js';

const shop = { owner: 'alice', repo: 'shop' };
const safe = { owner: 'alice', repo: 'safe' };
let github: FakeGitHub;
let clock: SettableClock;

beforeEach(async () => {
  clock = new SettableClock(Date.now());
  github = await startFakeGitHub({ clock, seed: { users: ['alice', 'bob', 'carol', 'eve'], repositories: { 'alice/shop': { collaborators: { bob: 'write', carol: 'triage' } }, 'alice/safe': { isPrivate: true } } } });
  github.asPerson('eve').createIssue({ repository: 'alice/shop', title: 'Eve asks', labels: ['bug'] });
});
afterEach(() => github.close());

const as = (login: string, more: object = {}): Octokit => quietOctokit(github.url, github.addToken({ login, ...more }));
const address = { ...shop, issue_number: 1 };

describe('people', () => {
  it('may do what their role allows; labels of those who may not set them are silently ignored', async () => {
    expect((await as('bob').issues.get(address)).data).toMatchObject({ labels: [], author_association: 'NONE' });
    await as('eve').issues.update({ ...address, title: 'Eve asks again', labels: ['bug'] });
    await as('carol').issues.addLabels({ ...address, labels: ['bug'] });
    await expect(as('eve').issues.addLabels({ ...address, labels: ['x'] })).rejects.toMatchObject({ status: 403 });
    await expect(as('carol').issues.createLabel({ ...shop, name: 'x' })).rejects.toMatchObject({ status: 403 });
    await expect(as('bob').repos.listWebhooks(shop)).rejects.toMatchObject({ status: 404 });
    await expect(as('bob').issues.listForRepo(safe)).rejects.toMatchObject({ status: 404 });
    await expect(quietOctokit(github.url).issues.createComment({ ...address, body: 'x' })).rejects.toMatchObject({ status: 401 });
    await expect(quietOctokit(github.url, 'ghp_wrong').issues.get(address)).rejects.toMatchObject({ status: 401, response: { data: { message: 'Bad credentials' } } });
    const permission = async (username: string): Promise<unknown> => (await as('bob').repos.getCollaboratorPermissionLevel({ ...shop, username })).data;
    expect(await Promise.all(['alice', 'bob', 'carol', 'eve'].map(permission))).toMatchObject([{ permission: 'admin' }, { permission: 'write' }, { permission: 'read', role_name: 'triage' }, { permission: 'read' }]);
  });

  it('are told which scope or permission is missing', async () => {
    const answer = await as('alice', { scopes: ['public_repo'] }).issues.get(address);
    expect(answer.headers['x-oauth-scopes']).toBe('public_repo');
    await expect(as('alice', { scopes: ['public_repo'] }).issues.listForRepo(safe)).rejects.toMatchObject({ status: 404, response: { headers: { 'x-accepted-oauth-scopes': 'repo' } } });
    const reader = as('alice', { permissions: { issues: 'read' }, repositories: ['alice/shop'] });
    await expect(reader.issues.createComment({ ...address, body: 'x' })).rejects.toMatchObject({ status: 403, response: { headers: { 'x-accepted-github-permissions': 'issues=write' } } });
    await expect(reader.issues.listForRepo(safe)).rejects.toMatchObject({ status: 404 });
  });
});

describe('Apps', () => {
  it('get tokens for an hour, for chosen repositories, and act as their bot', async () => {
    const receiver = await startReceiver();
    const app = github.addApp({ slug: 'cascade', owner: 'alice', permissions: { issues: 'write' }, events: ['issues'], hook: { url: receiver.url, secret: 's' } });
    const client = quietOctokit(github.url);
    const auth = createAppAuth({ appId: app.id, privateKey: app.privateKey, request: client.request });
    const asApp = quietOctokit(github.url, (await auth({ type: 'app' })).token);
    expect((await asApp.apps.getRepoInstallation(shop)).data.id).toBe(app.installation);
    const { token, permissions, expiresAt } = await auth({ type: 'installation', installationId: app.installation, repositoryNames: ['shop'] });
    expect([permissions, Date.parse(expiresAt) - clock.now() <= 3_600_000]).toEqual([{ issues: 'write', metadata: 'read' }, true]);
    const bot = quietOctokit(github.url, token);
    const { data: issue } = await bot.issues.create({ ...shop, title: 'By the bot', labels: ['x'] });
    expect(issue).toMatchObject({ user: { login: 'cascade[bot]', type: 'Bot' }, performed_via_github_app: { slug: 'cascade' }, labels: [{ name: 'x' }] });
    await expect(bot.issues.listForRepo(safe)).rejects.toMatchObject({ status: 404 });
    await expect(bot.issues.createLabel({ ...shop, name: 'y' })).resolves.toMatchObject({ status: 201 });
    await expect(bot.pulls.create({ ...shop, title: 'x', head: 'x', base: 'main' })).rejects.toMatchObject({ status: 403, response: { data: { message: 'Resource not accessible by integration' } } });
    await github.settled();
    expect(receiver.received[0]?.payload).toMatchObject({ action: 'opened', installation: { id: app.installation }, sender: { login: 'cascade[bot]' } });
    expect((await asApp.apps.listWebhookDeliveries()).data.map((one) => one.action)).toEqual(['labeled', 'opened']);
    clock.advance(3_600_000);
    await expect(bot.issues.listForRepo(shop)).rejects.toMatchObject({ status: 401 });
    await expect(asApp.apps.getAuthenticated()).rejects.toMatchObject({ status: 401 });
    const forged = createAppAuth({ appId: app.id, privateKey: github.addApp({ slug: 'other', owner: 'alice', permissions: {} }).privateKey });
    await expect(quietOctokit(github.url, (await forged({ type: 'app' })).token).apps.getAuthenticated()).rejects.toMatchObject({ status: 401 });
    await receiver.close();
  });
});

describe('limits', () => {
  it('of content creation are those of GitHub, and pass with time', async () => {
    const bob = as('bob');
    for (let index = 0; index < githubLimits.contentPerMinute; index += 1) await bob.issues.createComment({ ...address, body: 'x' });
    await expect(bob.issues.createComment({ ...address, body: 'x' })).rejects.toMatchObject({ status: 403, response: { headers: { 'retry-after': '60' } } });
    await expect(bob.issues.get(address)).resolves.toMatchObject({ data: { comments: githubLimits.contentPerMinute } });
    clock.advance(60_000);
    await bob.issues.createComment({ ...address, body: 'x' });
  });

  it('of the hour are shown and end in 403 until they are reset', async () => {
    const bob = as('bob');
    await bob.issues.get(address);
    expect((await bob.rateLimit.get()).data.rate).toMatchObject({ limit: 5000, used: 1, remaining: 4999 });
    github.limits.exhaust('bob');
    await expect(bob.issues.get(address)).rejects.toMatchObject({ status: 403, response: { headers: { 'x-ratelimit-remaining': '0' } } });
    clock.advance(3_600_001);
    await expect(bob.issues.get(address)).resolves.toMatchObject({ status: 200 });
  });
});
