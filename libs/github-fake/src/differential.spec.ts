import { createEmulator } from 'emulate';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Octokit } from '@octokit/rest';
import { freePort } from '@cascade/testing';
import { startFakeGitHub } from './start-fake-github.js';
import { quietOctokit } from './testing/quiet-octokit.js';
import { shapesDiffer } from './testing/shapes.js';
import { startReceiver, type Received } from './testing/receiver.js';

const shop = { owner: 'alice', repo: 'shop' };

/** One side: its answers, and what it told a hook, in order. */
interface Told {
  readonly answers: readonly (readonly [name: string, status: number, data: unknown])[];
  readonly webhooks: readonly Received[];
}

type Step = readonly [name: string, run: (client: Octokit) => Promise<{ readonly status: number; readonly data: unknown }>];

/** What a program that mirrors work items does. */
const steps: readonly Step[] = [
  ['create label', (client) => client.issues.createLabel({ ...shop, name: 'cascade', color: 'aabbcc', description: 'mirrored' })],
  ['create label again', (client) => client.issues.createLabel({ ...shop, name: 'cascade', color: 'aabbcc' })],
  ['create another label', (client) => client.issues.createLabel({ ...shop, name: 'epic', color: 'abcdef' })],
  ['create milestone', (client) => client.issues.createMilestone({ ...shop, title: 'v1' })],
  ['create issue', (client) => client.issues.create({ ...shop, title: 'Epic', body: 'text', labels: ['cascade'], assignees: ['bob'], milestone: 1 })],
  ['create plain issue', (client) => client.issues.create({ ...shop, title: 'Story' })],
  ['get issue', (client) => client.issues.get({ ...shop, issue_number: 1 })],
  ['get missing issue', (client) => client.issues.get({ ...shop, issue_number: 99 })],
  ['update issue', (client) => client.issues.update({ ...shop, issue_number: 1, title: 'Epic 1', body: 'more' })],
  ['close issue', (client) => client.issues.update({ ...shop, issue_number: 2, state: 'closed', state_reason: 'not_planned' })],
  ['comment', (client) => client.issues.createComment({ ...shop, issue_number: 1, body: 'hello' })],
  ['list comments', (client) => client.issues.listComments({ ...shop, issue_number: 1 })],
  ['set labels', (client) => client.issues.setLabels({ ...shop, issue_number: 1, labels: ['cascade', 'epic'] })],
  ['list open', (client) => client.issues.listForRepo({ ...shop })],
  ['list all by label', (client) => client.issues.listForRepo({ ...shop, state: 'all', labels: 'cascade' })],
  ['reopen issue', (client) => client.issues.update({ ...shop, issue_number: 2, state: 'open' })],
  ['permission', (client) => client.repos.getCollaboratorPermissionLevel({ ...shop, username: 'bob' })],
  ['who', (client) => client.users.getAuthenticated()],
  ['find pull request', (client) => client.pulls.list({ ...shop, head: 'alice:no' })],
];

async function run(client: Octokit, hook: string, received: readonly Received[], settled: () => Promise<unknown>): Promise<Told> {
  await client.repos.createWebhook({ ...shop, config: { url: hook, content_type: 'json', secret: 's' }, events: ['issues', 'issue_comment'] });
  const answers: (readonly [string, number, unknown])[] = [];
  for (const [name, ask] of steps) {
    const answer = await ask(client).catch((error: unknown) => ({ status: (error as { readonly status: number }).status, data: undefined }));
    answers.push([name, answer.status, answer.data]);
  }
  await settled();
  return { answers, webhooks: received };
}

/** Members that say what the state is; the rest (ids, links, times) differs between any two GitHubs. */
const states = ['number', 'title', 'body', 'state', 'state_reason', 'name', 'color', 'description', 'comments', 'locked', 'login', 'permission', 'author_association'];

function state(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(state);
  if (typeof value !== 'object' || value === null) return value;
  const known = value as Readonly<Record<string, unknown>>;
  const kept = Object.fromEntries(states.filter((key) => known[key] !== undefined).map((key) => [key, known[key]]));
  const below = ['labels', 'assignees', 'milestone', 'user'].filter((key) => known[key] !== undefined).map((key) => [key, state(known[key])]);
  return { ...kept, ...Object.fromEntries(below) as object };
}

describe('the fake and an implementation that others wrote (emulate)', () => {
  let ours: Told;
  let theirs: Told;

  beforeAll(async () => {
    const github = await startFakeGitHub({ seed: { users: ['alice', 'bob'], repositories: { 'alice/shop': { collaborators: { bob: 'write' } } } } });
    const mine = await startReceiver();
    ours = await run(quietOctokit(github.url, github.addToken({ login: 'alice' })), mine.url, mine.received, () => github.settled());
    await mine.close();
    await github.close();
    const emulated = await createEmulator({ service: 'github', port: await freePort(), seed: { tokens: { tok: { login: 'alice', scopes: ['repo'] } }, github: { users: [{ login: 'alice' }, { login: 'bob' }], repos: [{ owner: 'alice', name: 'shop', auto_init: true }] } } });
    const other = await startReceiver();
    const client = quietOctokit(emulated.url, 'tok');
    await client.repos.addCollaborator({ ...shop, username: 'bob', permission: 'push' });
    theirs = await run(client, other.url, other.received, () => new Promise((done) => { setImmediate(done); }));
    await emulated.close();
    await other.close();
  });

  it('answer the same states', () => {
    const states = ({ answers }: Told): readonly unknown[] => answers.map(([name, status, data]) => [name, status, state(data)]);
    // GitHub documents admin, write, read and none; emulate repeats what somebody was invited with.
    const documented = JSON.parse(JSON.stringify(states(theirs)).replaceAll('"permission":"push"', '"permission":"write"')) as unknown;
    expect(JSON.parse(JSON.stringify(states(ours)))).toEqual(documented);
  });

  it('answer in the same shapes', () => {
    expect(ours.answers.flatMap(([name, , data], index) => shapesDiffer(data, theirs.answers[index]?.[2], name))).toEqual([]);
  });

  it('tell the same webhooks in the same shapes', () => {
    const named = (webhooks: readonly Received[]): string[] => webhooks.map((one) => [one.event, one.payload.action].filter((part) => part !== undefined).join(' '));
    expect(named(ours.webhooks).slice(0, 5)).toEqual(['ping', 'issues opened', 'issues labeled', 'issues assigned', 'issues milestoned']);
    // What emulate does not send: the ping, and what a new issue has from the start.
    const common = [ours.webhooks[1] as Received, ...ours.webhooks.slice(5)];
    expect(named(common)).toEqual(named(theirs.webhooks));
    // GitHub's description has what was there before, as `{ from }`.
    expect(common.flatMap((one, index) => shapesDiffer(one.payload, theirs.webhooks[index]?.payload, one.event))).toEqual(['title', 'body'].map((field) => `issues.changes.${field}: object and boolean`));
  });
});
