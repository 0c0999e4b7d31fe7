import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { buildWorkItemKey, cascadeFailed, redisKeys, type WorkItem } from '@cascade/contracts';
import { startService, type RunningService } from '@cascade/service-host';
import { failOnLeaks } from '@cascade/testing';
import { githubSync } from '../index.js';
import { sampleAssessment, sampleEpic, sampleStory, sampleTask } from '../testing/sample-items.js';
import { REPOSITORY, SyncWorld } from '../testing/sync-world.js';

const everything = [sampleTask, sampleAssessment, sampleStory, sampleEpic];
const keyOf = (item: WorkItem): string => buildWorkItemKey(item.key);
const [epic, story, task, assessment] = [1, 2, 3, 4].map((number) => ({ repository: REPOSITORY, number })) as [At, At, At, At];
type At = { readonly repository: string; readonly number: number };
let world: SyncWorld;
let service: RunningService;

beforeAll(async () => { world = await SyncWorld.open(); });
afterAll(() => world.close());
failOnLeaks();
beforeEach(async () => {
  await world.reset();
  service = await startService(githubSync(world.settings()), world.host, world.logger);
  await world.accept('c1');
});
afterEach(() => service.stop());

const columns = (one: WorkItem): Promise<Record<string, string>> => world.redis.hgetall(keyOf(one));
async function mirrored(...items: WorkItem[]): Promise<void> {
  for (const one of items) {
    await world.save(one);
    await world.quiet(); // so that numbers are in this order
  }
  world.github.journal.clear();
}
const writes = (): string[] => world.github.journal.writes().map(({ operation }) => operation);

describe('work items', () => {
  it('have one issue each: stories below their epic, tasks and assessments below their story', async () => {
    await world.save(...everything);
    await world.quiet();
    // Which event comes first decides their numbers.
    const [epic, story, risk, task] = (await world.issues()).toSorted((a, b) => (a.title < b.title ? -1 : 1));
    expect([epic, story, risk, task].map((issue) => [issue?.title, issue?.state, [...issue?.labels ?? []].sort().join(' ')])).toEqual([
      ['Discount codes', 'open', 'cascade epic status:approved tier-0'],
      ['Read a code', 'open', 'cascade risk:medium status:approved story tier-0'],
      ['Risk profile of story 1.1', 'closed', 'cascade qa status:done tier-0'],
      ['Test that a code is read', 'open', 'cascade status:draft task tier-2'],
    ]);
    expect(await world.children(epic!.number)).toEqual([story!.number]);
    expect([...await world.children(story!.number)].toSorted((a, b) => a - b)).toEqual([risk!.number, task!.number].toSorted((a, b) => a - b));
    expect(await columns(sampleStory)).toMatchObject({ github_number: String(story!.number), github_repository: REPOSITORY, github_node_id: story?.nodeId, title: 'Read a code' });
    const operations = world.github.journal.entries().filter(({ operation }) => operation.startsWith('issues/') && !operation.includes('label'));
    console.log(`4 work items: ${operations.length} requests, ${operations.filter(({ isWrite }) => isWrite).length} of them writes`);
    expect(writes().filter((operation) => operation === 'issues/create')).toHaveLength(4);
    expect(writes().filter((operation) => operation === 'issues/update')).toHaveLength(1); // what is done from the start is closed
  });

  it('are written once for each change, and an echo changes nothing', async () => {
    await mirrored(sampleEpic, sampleStory);
    await world.save({ ...sampleStory, status: 'Done', columns: { ...sampleStory.columns, qa_gate: 'PASS' } });
    await world.quiet();
    expect(writes()).toEqual(['issues/update', 'issues/add-labels', 'issues/remove-label']); // status:done instead of status:approved
    expect((await world.issues())[1]).toMatchObject({ state: 'closed', body: expect.stringContaining('- [x] **AC1**') });
    world.github.journal.clear();
    await world.save({ ...sampleStory, status: 'Done', columns: { ...sampleStory.columns, qa_gate: 'PASS' }, modifiedAt: 7 });
    await world.quiet();
    expect(writes()).toEqual([]);
  });

  it('of a repository that is linked to nothing are not mirrored, and of a linked path they are', async () => {
    await world.accept('c2', { repository: '/srv/shop' });
    await world.save({ ...sampleEpic, cascadeId: 'c2' });
    await world.quiet();
    expect([await world.issues(), await world.redis.exists(redisKeys.githubItem(keyOf(sampleEpic)))]).toEqual([[], 0]);
    await world.redis.hset(redisKeys.githubRepositories, '/srv/shop', REPOSITORY);
    await world.save({ ...sampleEpic, cascadeId: 'c2' });
    await world.quiet();
    expect(await world.issues()).toHaveLength(1);
  });
});

describe('what a person does on GitHub', () => {
  it('reaches the work item, and is told as an event', async () => {
    await mirrored(sampleEpic, sampleStory);
    const ana = world.github.asPerson('ana');
    const [, issue] = await world.issues();
    ana.editIssue({ ...story, title: 'Read a discount code', assignees: ['ana'], body: `Please hurry.\n\n${issue!.body.replace('- [ ] **AC1**', '- [x] **AC1**')}` });
    ana.addLabels({ ...story, labels: ['urgent'] });
    await world.quiet();
    expect(await columns(sampleStory)).toMatchObject({ title: 'Read a discount code', labels: '["urgent"]', assignees: '["ana"]', notes: 'Please hurry.', ticks: '["AC1"]' });
    expect(writes().length).toBeLessThanOrEqual(1);
    const changes = (await world.events('work_item.edited')).flatMap((data) => (data as { changes: { kind: string }[] }).changes.map(({ kind }) => kind));
    expect(changes).toEqual(expect.arrayContaining(['renamed-by-person', 'labels-changed', 'assignees-changed', 'notes-changed', 'ticked']));
  });

  it('stays when a tier saves the work item again', async () => {
    await mirrored(sampleEpic, sampleStory);
    world.github.asPerson('ana').editIssue({ ...story, title: 'Read a discount code' });
    await world.quiet();
    await world.save({ ...sampleStory, status: 'Done' });
    await world.quiet();
    expect((await world.issues())[1]).toMatchObject({ title: 'Read a discount code', state: 'closed' });
    expect(await columns(sampleStory)).toMatchObject({ title: 'Read a discount code', status: 'Done' });
  });

  it('is found by the sweep when its webhooks got lost, and costs one request while nothing changed', async () => {
    await mirrored(sampleEpic);
    world.github.faults.order({ fault: 'webhook-lost', times: 10 });
    world.github.asPerson('ana').addLabels({ ...epic, labels: ['urgent'] });
    await world.sweep();
    expect(await columns(sampleEpic)).toMatchObject({ labels: '["urgent"]' });
    await world.sweep();
    world.github.journal.clear();
    await world.sweep();
    expect(world.github.journal.entries().map(({ operation, status }) => `${operation} ${status}`)).toEqual(['issues/list-for-repo 304']);
  });

  it('that is a deletion is found when all issues are compared, which is seldom, and asks for nothing after that', async () => {
    await mirrored(sampleEpic, sampleStory);
    await world.sweep();
    world.github.faults.order({ fault: 'webhook-lost', times: 10 });
    world.github.asPerson('cascade-bot').deleteIssue(story);
    const compare = async (): Promise<string[]> => {
      world.github.journal.clear();
      await world.redis.hset(redisKeys.githubSweep(REPOSITORY), 'compared', 0);
      await world.sweep();
      return world.github.journal.entries().map(({ operation }) => operation);
    };
    await compare();
    expect(await world.redis.hget(redisKeys.githubItem(keyOf(sampleStory)), 'gone')).toBe('1');
    expect(await compare()).toEqual(['issues/list-for-repo', 'issues/list-for-repo']);
  });

  it('is not lost when it falls between our reading and our writing', async () => {
    await mirrored(sampleEpic, sampleStory);
    const { body, labels } = (await world.issues())[1]!;
    const held = world.github.faults.order({ fault: 'request-held', operation: 'issues/update' });
    await world.save({ ...sampleStory, status: 'Done' });
    await held.happened();
    world.github.asPerson('ana').editIssue({ ...story, body: `Do not forget the vouchers.\n\n${body}`, labels: ['urgent', ...labels], assignees: ['ana'] });
    held.release();
    await world.quiet();
    const texts = [(await world.issues())[1]!.body, ...await world.comments(2)];
    expect(texts.join('\n')).toContain('Do not forget the vouchers.');
    expect((await world.issues())[1]).toMatchObject({ state: 'closed', labels: expect.arrayContaining(['urgent', 'status:done']), assignees: ['ana'] });
    expect(await columns(sampleStory)).toMatchObject({ labels: expect.stringContaining('"urgent"'), assignees: '["ana"]' });
    expect(writes().filter((operation) => operation === 'issues/update').length).toBeLessThanOrEqual(2);
  });

  it('ends where the issue ends: transferred ones are followed, deleted and converted ones left alone, locked ones kept', async () => {
    await mirrored(sampleEpic, sampleStory, sampleTask, sampleAssessment);
    world.github.addRepository('acme/store', { collaborators: { 'cascade-bot': 'admin' } });
    const admin = world.github.asPerson('cascade-bot');
    const moved = admin.transferIssue({ ...story, to: 'acme/store' });
    admin.deleteIssue(task);
    admin.convertToDiscussion(assessment);
    admin.lock(epic);
    await world.quiet();
    await world.save({ ...sampleStory, status: 'Done' }, { ...sampleTask, status: 'Done' }, { ...sampleAssessment, title: 'Risks' }, { ...sampleEpic, status: 'Done' });
    await world.quiet();
    expect(await columns(sampleStory)).toMatchObject({ github_repository: 'acme/store', github_number: String(moved.number) });
    expect((await world.issues()).map(({ number, state }) => [number, state])).toEqual([[1, 'closed'], [4, 'closed']]);
    expect(writes().filter((operation) => operation === 'issues/create')).toEqual([]);
    expect(await world.redis.hget(redisKeys.githubItem(keyOf(sampleTask)), 'gone')).toBe('1');
  });
});

describe('a create', () => {
  it('whose answer got lost is adopted by its marker', async () => {
    const lost = world.github.faults.order({ fault: 'answer-lost', operation: 'issues/create' });
    await world.save(sampleEpic);
    await lost.happened();
    await world.quiet();
    expect(await world.issues()).toHaveLength(1);
    expect(await columns(sampleEpic)).toMatchObject({ github_number: '1' });
  });

  it('that a list does not show yet is waited for, and not repeated', async () => {
    world.github.faults.order({ fault: 'answer-lost', operation: 'issues/create' });
    world.github.faults.order({ fault: 'webhook-lost', times: 100 });
    const lag = world.github.faults.order({ fault: 'list-lag', times: 3 });
    await service.stop();
    service = await startService(githubSync(world.settings({ lookForMs: 60_000, retryMs: [1, 1, 1, 1, 1, 1, 1, 1], gatherMs: 0 })), world.host, world.logger);
    await world.save(sampleEpic);
    await lag.happened(3);
    await world.quiet();
    expect((await world.issues()).map(({ number }) => number)).toEqual([1]);
    expect(await columns(sampleEpic)).toMatchObject({ github_number: '1' });
  });

  it('is not repeated when Redis has lost what it knew', async () => {
    await mirrored(sampleEpic);
    await service.stop();
    await world.redis.flushall();
    service = await startService(githubSync(world.settings()), world.host, world.logger);
    await world.accept('c1');
    await world.save(sampleEpic);
    await world.quiet();
    expect(await world.issues()).toHaveLength(1);
    expect(await columns(sampleEpic)).toMatchObject({ github_number: '1' });
  });
});

describe('a cascade that failed', () => {
  it('leaves its open issues closed as not planned, with a word on the epic, and asks for no new ones', async () => {
    await mirrored(sampleEpic, sampleStory, sampleAssessment);
    await world.redis.hset(redisKeys.cascade('c1'), { state: 'failed', ended_at: new Date().toISOString(), problem: JSON.stringify({ kind: 'terminal', code: 'CASC_GATE_FAILED', message: 'The QA gate failed. @ana' }) });
    await world.publisher.publish(cascadeFailed, { service: 'x', problem: { code: 'CASC_GATE_FAILED', message: 'The QA gate failed.' } }, { cascadeId: 'c1' });
    await world.quiet();
    await world.save(sampleTask); // on its way when the cascade failed
    await world.quiet();
    const issues = await world.issues();
    expect(issues.map(({ state, stateReason }) => [state, stateReason])).toEqual([['closed', 'not_planned'], ['closed', 'not_planned'], ['closed', 'completed']]);
    const [comment, ...others] = await world.comments(1);
    expect([comment, others]).toEqual([expect.stringMatching(/failed[\s\S]*CASC_GATE_FAILED/), []]);
    expect(comment).not.toContain('@ana');
    world.github.asPerson('ana').editIssue({ ...epic, state: 'open' }); // hers to decide
    await world.quiet();
    expect((await world.issues())[0]?.state).toBe('open');
  });
});
