import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createAppAuth } from '@octokit/auth-app';
import { type Octokit } from '@octokit/rest';
import { type FakeGitHub } from '../fake-github.js';
import { description } from '../openapi/description.js';
import { startFakeGitHub } from '../start-fake-github.js';
import { quietOctokit } from '../testing/quiet-octokit.js';
import { startReceiver } from '../testing/receiver.js';

const shop = { owner: 'alice', repo: 'shop' };
const issue = { ...shop, issue_number: 1 };

let github: FakeGitHub;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  receiver = await startReceiver();
  github = await startFakeGitHub({ seed: { users: ['alice', 'bob'], repositories: { 'alice/shop': {} } } });
});
afterEach(async () => {
  await receiver.close();
  await github.close();
});

async function issues({ issues: api, repos }: Octokit): Promise<void> {
  await repos.addCollaborator({ ...shop, username: 'bob', permission: 'push' });
  const made = [];
  for (const title of ['Epic', 'Story', 'Task']) made.push((await api.create({ ...shop, title })).data.id);
  const [, story = 0, task = 0] = made;
  await api.update({ ...issue, body: 'text' });
  await api.addAssignees({ ...issue, assignees: ['bob'] });
  await api.removeAssignees({ ...issue, assignees: ['bob'] });
  await api.listAssignees(shop);
  await api.checkUserCanBeAssigned({ ...shop, assignee: 'bob' });
  await api.lock({ ...issue, lock_reason: 'resolved' });
  await api.unlock(issue);
  for (const sub_issue_id of [story, task]) await api.addSubIssue({ ...issue, sub_issue_id });
  await api.reprioritizeSubIssue({ ...issue, sub_issue_id: task, before_id: story });
  expect((await api.listSubIssues(issue)).data.map((one) => one.number)).toEqual([3, 2]);
  await api.getParent({ ...issue, issue_number: 2 });
  await api.removeSubIssue({ ...issue, sub_issue_id: story });
  const { data: comment } = await api.createComment({ ...issue, body: 'one' });
  await api.updateComment({ ...shop, comment_id: comment.id, body: 'two' });
  await api.getComment({ ...shop, comment_id: comment.id });
  await api.listComments(issue);
  await api.listCommentsForRepo({ ...shop, sort: 'updated', direction: 'desc' });
  await api.deleteComment({ ...shop, comment_id: comment.id });
  await api.get(issue);
  await api.listForRepo({ ...shop, milestone: 'none', assignee: 'none', creator: 'alice' });
}

async function labelsAndMilestones({ issues: api }: Octokit): Promise<void> {
  await api.createLabel({ ...shop, name: 'a', color: 'aabbcc', description: 'd' });
  await api.updateLabel({ ...shop, name: 'a', new_name: 'b', color: 'ccbbaa', description: 'e' });
  await api.getLabel({ ...shop, name: 'b' });
  await api.listLabelsForRepo(shop);
  await api.addLabels({ ...issue, labels: ['b'] });
  await api.setLabels({ ...issue, labels: ['b', 'c'] });
  await api.listLabelsOnIssue(issue);
  await api.removeLabel({ ...issue, name: 'c' });
  await api.deleteLabel({ ...shop, name: 'b' });
  expect((await api.get(issue)).data.labels).toEqual([]);
  await api.removeAllLabels(issue);
  expect((await api.listEvents(issue)).data.at(-1)).toMatchObject({ event: 'unlabeled', actor: { login: expect.any(String) } });
  await api.createMilestone({ ...shop, title: 'v1', description: 'first', due_on: '2026-12-01T00:00:00Z' });
  await api.updateMilestone({ ...shop, milestone_number: 1, title: 'v1.0', state: 'closed' });
  await api.getMilestone({ ...shop, milestone_number: 1 });
  await api.listMilestones({ ...shop, state: 'all' });
  await api.update({ ...issue, milestone: 1 });
  await api.deleteMilestone({ ...shop, milestone_number: 1 });
  expect((await api.get(issue)).data.milestone).toBeNull();
}

async function hooks({ repos }: Octokit): Promise<void> {
  const { data: hook } = await repos.createWebhook({ ...shop, config: { url: receiver.url, content_type: 'json', secret: 's' }, events: ['issues'] });
  const at = { ...shop, hook_id: hook.id };
  await repos.updateWebhook({ ...at, add_events: ['push'] });
  expect((await repos.getWebhook(at)).data).toMatchObject({ events: ['issues', 'push'], config: { secret: '********' } });
  await repos.listWebhooks(shop);
  await repos.pingWebhook(at);
  await github.settled();
  const { data: [delivery] } = await repos.listWebhookDeliveries({ ...at, per_page: 1 });
  await repos.getWebhookDelivery({ ...at, delivery_id: delivery?.id ?? 0 });
  await repos.redeliverWebhookDelivery({ ...at, delivery_id: delivery?.id ?? 0 });
  await github.settled();
  expect((await repos.listWebhookDeliveries(at)).data.map((one) => one.redelivery)).toEqual([true, false, false]);
  await repos.deleteWebhook(at);
}

async function branchesAndPulls({ git, pulls, repos }: Octokit): Promise<void> {
  const sha = github.addBranch({ repository: 'alice/shop', branch: 'x', files: { x: '1' } });
  await git.createRef({ ...shop, ref: 'refs/heads/y', sha });
  await git.updateRef({ ...shop, ref: 'heads/y', sha });
  await git.getRef({ ...shop, ref: 'heads/y' });
  await git.deleteRef({ ...shop, ref: 'heads/y' });
  await repos.listBranches(shop);
  const { data: pull } = await pulls.create({ ...shop, title: 'X', head: 'x', base: 'main' });
  const at = { ...shop, pull_number: pull.number };
  await pulls.update({ ...at, body: 'text' });
  await pulls.get(at);
  await pulls.list({ ...shop, state: 'all', sort: 'updated' });
  await pulls.merge({ ...at, sha });
}

async function apps(): Promise<void> {
  const app = github.addApp({ slug: 'cascade', owner: 'alice', permissions: { issues: 'write' }, events: ['issues'], hook: { url: receiver.url } });
  const auth = createAppAuth({ appId: app.id, privateKey: app.privateKey, request: quietOctokit(github.url).request });
  const { apps: api } = quietOctokit(github.url, (await auth({ type: 'app' })).token);
  await api.getAuthenticated();
  await api.listInstallations();
  await api.getInstallation({ installation_id: app.installation });
  await api.getRepoInstallation(shop);
  const { data: token } = await api.createInstallationAccessToken({ installation_id: app.installation, repositories: ['shop'], permissions: { issues: 'read' } });
  expect((await quietOctokit(github.url, token.token).apps.listReposAccessibleToInstallation()).data.repositories.map((one) => one.full_name)).toEqual(['alice/shop']);
  github.asPerson('bob').createIssue({ repository: 'alice/shop', title: 'T' });
  await github.settled();
  const { data: [delivery] } = await api.listWebhookDeliveries();
  await api.getWebhookDelivery({ delivery_id: delivery?.id ?? 0 });
  await api.redeliverWebhookDelivery({ delivery_id: delivery?.id ?? 0 });
}

it('answers every operation as the description says', async () => {
  const alice = quietOctokit(github.url, github.addToken({ login: 'alice' }));
  await issues(alice);
  await labelsAndMilestones(alice);
  await hooks(alice);
  await branchesAndPulls(alice);
  await apps();
  await alice.rateLimit.get();
  await alice.users.getAuthenticated();
  await alice.users.getByUsername({ username: 'bob' });
  await alice.search.issuesAndPullRequests({ q: 'repo:alice/shop is:pr' });
  await alice.repos.get(shop);
  await alice.repos.listCollaborators(shop);
  await alice.repos.getCollaboratorPermissionLevel({ ...shop, username: 'bob' });
  await alice.repos.removeCollaborator({ ...shop, username: 'bob' });
  await alice.repos.createForAuthenticatedUser({ name: 'other', private: true });
  await alice.repos.delete({ ...shop, repo: 'other' });
  const answered = new Set(github.journal.entries().filter((one) => one.status >= 200 && one.status < 300).map((one) => one.operation));
  expect(Object.keys(description.operations).filter((one) => !answered.has(one))).toEqual([]);
});
