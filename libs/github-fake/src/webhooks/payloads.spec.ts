import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type FakeGitHub } from '../fake-github.js';
import { startFakeGitHub } from '../start-fake-github.js';
import { quietOctokit } from '../testing/quiet-octokit.js';
import { recordedWebhooks, type RecordedWebhook } from '../testing/recorded-webhooks.js';
import { startReceiver } from '../testing/receiver.js';
import { shapesDiffer } from '../testing/shapes.js';

let github: FakeGitHub;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeEach(async () => {
  receiver = await startReceiver();
  github = await startFakeGitHub({ seed: { users: ['alice', 'bob'], organizations: { acme: ['alice'] }, repositories: { 'acme/shop': { collaborators: { alice: 'admin', bob: 'write' } }, 'acme/store': { collaborators: { alice: 'admin' } } } } });
  await quietOctokit(github.url, github.addToken({ login: 'alice' })).repos.createWebhook({ owner: 'acme', repo: 'shop', config: { url: receiver.url, content_type: 'json' }, events: ['*'] });
});
afterEach(async () => {
  await receiver.close();
  await github.close();
});

/** One of each kind that the fake sends. */
function everything(): void {
  const alice = github.asPerson('alice');
  const at = (number: number): { repository: string; number: number } => ({ repository: 'acme/shop', number });
  const milestone = alice.createMilestone({ repository: 'acme/shop', title: 'v1' }).number;
  for (const title of ['Epic', 'Story', 'Moves']) alice.createIssue({ repository: 'acme/shop', title });
  alice.editIssue({ ...at(1), title: 'Epic 1', body: 'text', labels: ['epic'], assignees: ['bob'], milestone });
  alice.editIssue({ ...at(1), labels: [], assignees: [], milestone: null, state: 'closed' });
  alice.editIssue({ ...at(1), state: 'open' });
  alice.addSubIssue({ ...at(1), child: at(2) });
  alice.removeSubIssue({ ...at(1), child: at(2) });
  const { id } = alice.comment({ ...at(1), body: 'one' });
  alice.editComment({ ...at(1), id, body: 'two' });
  alice.deleteComment({ ...at(1), id });
  alice.lock(at(2));
  alice.unlock(at(2));
  alice.deleteIssue(at(2));
  alice.transferIssue({ ...at(3), to: 'acme/store' });
  github.addBranch({ repository: 'acme/shop', branch: 'x', files: { x: '1' }, by: 'alice' });
  const pull = alice.createPull({ repository: 'acme/shop', title: 'X', head: 'x' });
  github.addBranch({ repository: 'acme/shop', branch: 'x', files: { x: '2' }, by: 'alice' });
  alice.setDraft({ ...at(pull.number), isDraft: true });
  alice.setDraft({ ...at(pull.number), isDraft: false });
  alice.editPull({ ...at(pull.number), title: 'Y', state: 'closed' });
  alice.editPull({ ...at(pull.number), state: 'open' });
  alice.mergePull(at(pull.number));
}

/** Members of a recorded payload that ours lacks, of the object that it is about. */
function lacking(recorded: RecordedWebhook, ours: Readonly<Record<string, unknown>>): string[] {
  return ['issue', 'comment', 'pull_request', 'repository', 'sender', 'label', 'milestone', 'changes'].flatMap((about) => {
    const [left, right] = [recorded[about], ours[about]] as [object | undefined, object | undefined];
    return left === undefined || right === undefined || about === 'changes' ? [] : Object.keys(left).filter((key) => !(key in right)).map((key) => `${about}.${key}`);
  });
}

it('have the members that GitHub sent when they were recorded, of the same kinds', async () => {
  everything();
  await github.settled();
  const compared = receiver.received.flatMap((sent) => {
    const recorded = recordedWebhooks.find((one) => one.name === sent.event)?.examples.find((one) => one.action === sent.payload.action);
    return recorded === undefined ? [] : [{ name: [sent.event, sent.payload.action].join(' '), recorded, sent: sent.payload }];
  });
  expect(new Set(compared.map((one) => one.name)).size).toBeGreaterThan(20);
  // The recorded comment stands at a pull request.
  const known = ['issue.draft', 'issue.pull_request'];
  expect(compared.flatMap((one) => lacking(one.recorded, one.sent)).filter((one) => !known.includes(one))).toEqual([]);
  expect([...new Set(compared.flatMap((one) => shapesDiffer(one.recorded, one.sent, one.name)))]).toEqual([]);
});
