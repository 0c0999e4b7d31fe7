import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Octokit } from '@octokit/rest';
import { verify } from '@octokit/webhooks-methods';
import { type FakeGitHub } from '../fake-github.js';
import { startFakeGitHub } from '../start-fake-github.js';
import { type Person } from '../people.js';
import { quietOctokit } from '../testing/quiet-octokit.js';
import { startReceiver } from '../testing/receiver.js';

const shop = { owner: 'alice', repo: 'shop' };
const made = { repository: 'alice/shop', title: 'T' };
let github: FakeGitHub;
let alice: Octokit;
let person: Person;

beforeEach(async () => {
  github = await startFakeGitHub({ seed: { users: ['alice'], repositories: { 'alice/shop': {} } } });
  alice = quietOctokit(github.url, github.addToken({ login: 'alice' }));
  person = github.asPerson('alice');
});
afterEach(() => github.close());

const create = (): Promise<unknown> => alice.issues.create({ ...shop, title: 'T' });
const count = async (): Promise<number> => (await alice.issues.listForRepo(shop)).data.length;

describe('faults of requests', () => {
  it('strike before the effect or after it, as often as ordered', async () => {
    github.faults.order({ fault: 'error-before', operation: 'issues/create', status: 503 });
    await expect(create()).rejects.toMatchObject({ status: 503 });
    github.faults.order({ fault: 'connection-reset', operation: 'issues/create' });
    await expect(create()).rejects.toMatchObject({ status: 500 });
    github.faults.order({ fault: 'secondary-limit', operation: 'issues/create', status: 429, seconds: 7 });
    await expect(create()).rejects.toMatchObject({ status: 429, response: { headers: { 'retry-after': '7' } } });
    expect(await count()).toBe(0);
    const lost = github.faults.order({ fault: 'answer-lost', operation: 'issues/create', after: 1 });
    await create();
    await expect(create()).rejects.toMatchObject({ status: 500 });
    github.faults.order({ fault: 'error-after', operation: 'issues/create', status: 502 });
    await expect(create()).rejects.toMatchObject({ status: 502 });
    expect([await count(), lost.used, github.journal.writes({ operation: 'issues/create' }).length]).toEqual([3, 1, 3]);
  });

  it('hold a request before its effect, or its answer after it, until released', async () => {
    const before = github.faults.order({ fault: 'request-held', operation: 'issues/create' });
    const after = github.faults.order({ fault: 'answer-held', operation: 'issues/create' });
    const creating = create();
    await before.happened();
    expect(await count()).toBe(0);
    before.release();
    await after.happened();
    expect(await count()).toBe(1);
    after.release();
    await expect(creating).resolves.toMatchObject({ status: 201 });
  });

  it('let lists show what was before', async () => {
    person.createIssue(made);
    const lag = github.faults.order({ fault: 'list-lag', operation: 'issues/list-for-repo', times: 2 });
    person.createIssue(made);
    person.editIssue({ repository: 'alice/shop', number: 1, title: 'New' });
    expect((await alice.issues.listForRepo(shop)).data.map((one) => one.title)).toEqual(['T']);
    expect((await alice.issues.get({ ...shop, issue_number: 2 })).status).toBe(200);
    expect(await count()).toBe(1);
    expect([await count(), lag.used]).toEqual([2, 2]);
  });
});

describe('faults of webhooks', () => {
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  beforeEach(async () => {
    receiver = await startReceiver();
    await alice.repos.createWebhook({ ...shop, config: { url: receiver.url, content_type: 'json', secret: 'old' }, events: ['issues'] });
    await github.settled();
    receiver.received.length = 0;
  });
  afterEach(() => receiver.close());

  const told = (): unknown[] => receiver.received.map((one) => (one.payload['issue'] as { number: number }).number);

  it('drop, lose, double, delay, hold and reorder them', async () => {
    for (const fault of ['webhook-dropped', 'webhook-lost', 'webhook-duplicated'] as const) github.faults.order({ fault, event: 'issues' });
    for (let index = 0; index < 3; index += 1) person.createIssue(made);
    await github.settled();
    expect([told(), receiver.received[0]?.guid]).toEqual([[3, 3], receiver.received[1]?.guid]);
    github.faults.order({ fault: 'webhook-reordered', count: 3, times: 3 });
    for (let index = 0; index < 3; index += 1) person.createIssue(made);
    await github.settled();
    expect(told().slice(2)).toEqual([6, 5, 4]);
    const held = github.faults.order({ fault: 'webhook-held' });
    github.faults.order({ fault: 'webhook-delayed', ms: 20 });
    for (let index = 0; index < 3; index += 1) person.createIssue(made);
    await github.settled();
    expect(told().slice(5)).toEqual([9, 8]);
    held.release();
    await github.settled();
    expect(told().at(-1)).toBe(7);
    const failed = (await alice.repos.listWebhookDeliveries({ ...shop, hook_id: (await alice.repos.listWebhooks(shop)).data[0]?.id as number })).data.filter((one) => one.status_code !== 202);
    expect(failed.map((one) => one.status)).toEqual(['failed to connect to host']);
  });

  it('sign by another secret before or after it was changed', async () => {
    github.faults.order({ fault: 'webhook-other-secret', secret: 'new' });
    person.createIssue(made);
    person.createIssue(made);
    await github.settled();
    const { data: hooks } = await alice.repos.listWebhooks(shop);
    await alice.repos.updateWebhook({ ...shop, hook_id: hooks[0]?.id as number, config: { url: receiver.url, content_type: 'json', secret: 'new' } });
    person.createIssue(made);
    await github.settled();
    const by = await Promise.all(receiver.received.map(async (one) => await verify('new', one.raw, one.signature ?? '') ? 'new' : await verify('old', one.raw, one.signature ?? '') ? 'old' : 'none'));
    expect(by).toEqual(['new', 'old', 'new']);
  });
});
