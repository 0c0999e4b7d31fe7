import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Octokit } from '@octokit/rest';
import { verify } from '@octokit/webhooks-methods';
import { SettableClock } from './clock.js';
import { type FakeGitHub } from './fake-github.js';
import { startFakeGitHub } from './start-fake-github.js';
import { quietOctokit } from './testing/quiet-octokit.js';
import { startReceiver } from './testing/receiver.js';

const shop = { owner: 'alice', repo: 'shop' };
let github: FakeGitHub;
let alice: Octokit;
let clock: SettableClock;

beforeEach(async () => {
  clock = new SettableClock(Date.parse('2026-03-01T10:00:00.700Z'));
  github = await startFakeGitHub({ clock });
  alice = quietOctokit(github.url, github.addUser('alice').token);
  github.addUser('bob');
  github.addRepository('alice/shop', { collaborators: { bob: 'write' } });
});

afterEach(() => github.close());

describe('issues', () => {
  it('are created, changed, listed and read with everything that belongs to them', async () => {
    await alice.issues.createMilestone({ ...shop, title: 'M1' });
    const { data: made } = await alice.issues.create({ ...shop, title: 'Epic', body: 'text', labels: ['epic'], assignees: ['bob', 'nobody'], milestone: 1 });
    expect(made).toMatchObject({ number: 1, title: 'Epic', state: 'open', updated_at: '2026-03-01T10:00:00Z', milestone: { number: 1 }, assignees: [{ login: 'bob' }], author_association: 'OWNER', user: { login: 'alice' } });
    clock.advance(5000);
    await alice.issues.update({ ...shop, issue_number: 1, title: 'Epic 1', state: 'closed', state_reason: 'not_planned', labels: ['epic', 'tier-1'], milestone: null });
    const { data: read } = await alice.issues.get({ ...shop, issue_number: 1 });
    expect(read).toMatchObject({ title: 'Epic 1', state: 'closed', state_reason: 'not_planned', milestone: null, closed_by: { login: 'alice' }, updated_at: '2026-03-01T10:00:05Z', labels: [{ name: 'epic' }, { name: 'tier-1' }] });
    await alice.issues.create({ ...shop, title: 'Second' });
    const titles = async (more: object): Promise<string[]> => (await alice.issues.listForRepo({ ...shop, ...more })).data.map((one) => one.title);
    expect(await titles({})).toEqual(['Second']);
    expect(await titles({ state: 'all', labels: 'epic,TIER-1' })).toEqual(['Epic 1']);
    expect(await titles({ state: 'all', since: '2026-03-01T10:00:05Z', sort: 'updated', direction: 'asc' })).toEqual(['Epic 1', 'Second']);
    expect(await titles({ state: 'all', since: '2026-03-01T10:00:06Z' })).toEqual([]);
  });

  it('come in pages with links', async () => {
    for (let index = 0; index < 5; index += 1) github.asPerson('bob').createIssue({ repository: 'alice/shop', title: `T${index}` });
    const all = await alice.paginate(alice.issues.listForRepo, { ...shop, per_page: 2 });
    expect(all.map((one) => one.number)).toEqual([5, 4, 3, 2, 1]);
    expect(github.journal.entries({ operation: 'issues/list-for-repo' })).toHaveLength(3);
  });

  it('answer 304, which costs nothing, while they are as they were', async () => {
    github.asPerson('bob').createIssue({ repository: 'alice/shop', title: 'T' });
    const first = await alice.issues.get({ ...shop, issue_number: 1 });
    const again = alice.issues.get({ ...shop, issue_number: 1, headers: { 'if-none-match': first.headers.etag as string } });
    await expect(again).rejects.toMatchObject({ status: 304, response: { headers: { 'x-ratelimit-remaining': first.headers['x-ratelimit-remaining'] } } });
    github.asPerson('bob').comment({ repository: 'alice/shop', number: 1, body: 'hi' });
    const changed = await alice.issues.get({ ...shop, issue_number: 1, headers: { 'if-none-match': first.headers.etag as string } });
    expect(changed.status).toBe(200);
  });

  it('that moved answer 301 and are found there; deleted ones are gone', async () => {
    github.addRepository('alice/store');
    const bob = github.asPerson('bob');
    bob.createIssue({ repository: 'alice/shop', title: 'Moves' });
    bob.createIssue({ repository: 'alice/shop', title: 'Goes' });
    github.asPerson('alice').transferIssue({ repository: 'alice/shop', number: 1, to: 'alice/store' });
    github.asPerson('alice').deleteIssue({ repository: 'alice/shop', number: 2 });
    const plain = await fetch(`${github.url}/repos/alice/shop/issues/1`, { redirect: 'manual' });
    expect(plain.status).toBe(301);
    const { data } = await alice.issues.get({ ...shop, issue_number: 1 });
    expect(data.repository_url).toBe(`${github.url}/repos/alice/store`);
    await expect(alice.issues.get({ ...shop, issue_number: 2 })).rejects.toMatchObject({ status: 410 });
    await expect(alice.issues.get({ ...shop, issue_number: 3 })).rejects.toMatchObject({ status: 404 });
  });

  it('are found at the old address of a renamed repository, and by a search that others can count', async () => {
    github.asPerson('bob').createIssue({ repository: 'alice/shop', title: 'A Story' });
    github.renameRepository('alice/shop', 'store');
    expect((await fetch(`${github.url}/repos/alice/shop/issues/1`, { redirect: 'manual' })).status).toBe(301);
    expect((await alice.issues.get({ ...shop, issue_number: 1 })).data.repository_url).toBe(`${github.url}/repos/alice/store`);
    expect((await alice.search.issuesAndPullRequests({ q: 'story repo:alice/store is:issue' })).data.total_count).toBe(1);
    expect(github.journal.entries({ operation: 'search/issues-and-pull-requests' })).toHaveLength(1);
  });

  it('keep to the limits of GitHub: bodies, titles, labels', async () => {
    await expect(alice.issues.create({ ...shop, title: 'T', body: 'x'.repeat(65_537) })).rejects.toMatchObject({ status: 422 });
    await expect(alice.issues.create({ ...shop, title: 'T', labels: ['x'.repeat(51)] })).rejects.toMatchObject({ status: 422 });
    await expect(alice.issues.create({ ...shop, title: ' ' })).rejects.toMatchObject({ status: 422 });
    expect(github.journal.writes()).toEqual([]);
  });

  it('have at most 100 sub-issues, and eight levels of them', () => {
    const bob = github.asPerson('bob');
    const at = (number: number): { repository: string; number: number } => ({ repository: 'alice/shop', number });
    for (let index = 0; index < 102; index += 1) bob.createIssue({ repository: 'alice/shop', title: 'T' });
    for (let number = 2; number <= 101; number += 1) bob.addSubIssue({ ...at(1), child: at(number) });
    expect(() => bob.addSubIssue({ ...at(1), child: at(102) })).toThrow('100 sub-issues');
    for (let number = 2; number <= 8; number += 1) bob.removeSubIssue({ ...at(1), child: at(number) });
    for (let number = 1; number < 8; number += 1) bob.addSubIssue({ ...at(number), child: at(number + 1) });
    expect(() => bob.addSubIssue({ ...at(8), child: at(102) })).toThrow('8 levels');
    expect(github.look('alice/shop')[7]).toMatchObject({ number: 8, parent: 7, subIssues: [] });
  });

  it('have sub-issues, each of one parent', async () => {
    const bob = github.asPerson('bob');
    const [epic, story] = ['Epic', 'Story'].map((title) => bob.createIssue({ repository: 'alice/shop', title }));
    await alice.issues.addSubIssue({ ...shop, issue_number: 1, sub_issue_id: story?.id as number });
    expect((await alice.issues.listSubIssues({ ...shop, issue_number: 1 })).data.map((one) => one.number)).toEqual([2]);
    expect((await alice.issues.getParent({ ...shop, issue_number: 2 })).data.number).toBe(1);
    await expect(alice.issues.addSubIssue({ ...shop, issue_number: 1, sub_issue_id: story?.id as number })).rejects.toMatchObject({ status: 422 });
    await expect(alice.issues.addSubIssue({ ...shop, issue_number: 2, sub_issue_id: epic?.id as number })).rejects.toMatchObject({ status: 422 });
    expect((await alice.issues.removeSubIssue({ ...shop, issue_number: 1, sub_issue_id: story?.id as number })).data.sub_issues_summary?.total).toBe(0);
  });
});

describe('comments, labels and locks', () => {
  it('go their way through the API', async () => {
    const bob = github.asPerson('bob');
    bob.createIssue({ repository: 'alice/shop', title: 'T' });
    const { data: comment } = await alice.issues.createComment({ ...shop, issue_number: 1, body: 'one' });
    await alice.issues.updateComment({ ...shop, comment_id: comment.id, body: 'two' });
    bob.comment({ repository: 'alice/shop', number: 1, body: 'three' });
    const { data: comments } = await alice.issues.listComments({ ...shop, issue_number: 1 });
    expect(comments.map((one) => [one.user?.login, one.body, one.author_association])).toEqual([['alice', 'two', 'OWNER'], ['bob', 'three', 'COLLABORATOR']]);
    await alice.issues.deleteComment({ ...shop, comment_id: comment.id });
    await expect(alice.issues.getComment({ ...shop, comment_id: comment.id })).rejects.toMatchObject({ status: 404 });
    await alice.issues.createLabel({ ...shop, name: 'cascade', color: 'AABBCC', description: 'd' });
    await expect(alice.issues.createLabel({ ...shop, name: 'Cascade' })).rejects.toMatchObject({ status: 422, response: { data: { errors: [{ code: 'already_exists' }] } } });
    await alice.issues.addLabels({ ...shop, issue_number: 1, labels: ['cascade', 'x/y'] });
    await alice.issues.removeLabel({ ...shop, issue_number: 1, name: 'x/y' });
    expect((await alice.issues.listLabelsOnIssue({ ...shop, issue_number: 1 })).data.map((one) => one.color)).toEqual(['aabbcc']);
    await alice.issues.lock({ ...shop, issue_number: 1, lock_reason: 'resolved' });
    github.addUser('eve');
    expect(() => github.asPerson('eve').comment({ repository: 'alice/shop', number: 1, body: 'x' })).toThrow('locked');
  });
});

describe('webhooks', () => {
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  beforeEach(async () => { receiver = await startReceiver(); });
  afterEach(() => receiver.close());

  it('are signed, tell who and what was before, and are redelivered with the same GUID', async () => {
    const hook = { ...shop, config: { url: receiver.url, content_type: 'json', secret: 's3cret' }, events: ['issues', 'issue_comment', 'sub_issues'] };
    const { data: made } = await alice.repos.createWebhook(hook);
    await expect(alice.repos.createWebhook(hook)).rejects.toMatchObject({ status: 422, response: { data: { errors: [{ message: 'Hook already exists on this repository' }] } } });
    const bob = github.asPerson('bob');
    bob.createIssue({ repository: 'alice/shop', title: 'Größe', labels: ['epic'] });
    await github.settled();
    receiver.answerWith(500);
    bob.editIssue({ repository: 'alice/shop', number: 1, title: 'Maß', body: 'neu' });
    await github.settled();
    receiver.answerWith(202);
    expect(receiver.received.map((one) => [one.event, one.payload.action])).toEqual([['ping', undefined], ['issues', 'opened'], ['issues', 'labeled'], ['issues', 'edited']]);
    const edited = receiver.received[3];
    expect(edited?.payload).toMatchObject({ changes: { title: { from: 'Größe' }, body: { from: '' } }, sender: { login: 'bob' }, repository: { full_name: 'alice/shop' } });
    expect(await verify('s3cret', edited?.raw ?? '', edited?.signature ?? '')).toBe(true);
    const { data: failed } = await alice.repos.listWebhookDeliveries({ ...shop, hook_id: made.id });
    expect(failed.map((one) => [one.event, one.action, one.status_code])).toEqual([['issues', 'edited', 500], ['issues', 'labeled', 202], ['issues', 'opened', 202], ['ping', null, 202]]);
    await alice.repos.redeliverWebhookDelivery({ ...shop, hook_id: made.id, delivery_id: failed[0]?.id as number });
    await github.settled();
    expect(receiver.received[4]?.guid).toBe(edited?.guid);
    const { data: again } = await alice.repos.getWebhookDelivery({ ...shop, hook_id: made.id, delivery_id: failed[0]?.id as number });
    expect(again).toMatchObject({ redelivery: false, request: { payload: { action: 'edited' } } });
  });
});
