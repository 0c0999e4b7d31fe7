import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { buildWorkItemKey, cascadeRequested, docsSearch, gitReadFiles, gitReadTip, gitShowChange, redisKeys, terminal, type ReplyOf, type RequestOf } from '@cascade/contracts';
import { startService, type RunningService } from '@cascade/service-host';
import { Cascades, Questions } from '@cascade/state';
import { OnCommand } from '@cascade/streams';
import { ApiBench } from './testing/api-bench.js';
import { checked, contractProblems, operationIds } from './testing/contract-check.js';

const SHA = 'a'.repeat(40);
const [TIP, OF_TASK] = ['c'.repeat(40), 'd'.repeat(40)];

/** Stands where git-worker and docs-indexer stand. */
@Controller()
class StandIns {
  @OnCommand(gitReadFiles)
  async read({ paths, commit }: RequestOf<typeof gitReadFiles>): Promise<ReplyOf<typeof gitReadFiles>> {
    const texts: Record<string, string> = { 'docs/a.md': '# A', 'docs/qa/reports/epic-1-report.md': '# Report', 'src/<b>.html': '<script>1</script>', ...(commit === OF_TASK ? { 'src/new.js': 'new' } : {}) };
    return {
      entries: Object.entries(texts).map(([path, text]) => ({ path, bytes: text.length })),
      files: paths.filter((path) => texts[path] !== undefined).map((path) => ({ path, text: texts[path]! })),
      omitted: paths.filter((path) => texts[path] === undefined).map((path) => ({ path, reason: 'missing' as const })),
    };
  }

  @OnCommand(gitReadTip)
  async tip({ cascadeId }: RequestOf<typeof gitReadTip>): Promise<ReplyOf<typeof gitReadTip>> {
    if (cascadeId !== 'working') throw terminal('CASC_CASCADE_NOT_OPEN', 'The cascade has no integration branch.');
    return { commit: TIP };
  }

  @OnCommand(gitShowChange)
  async change({ commit, taskId }: RequestOf<typeof gitShowChange>): Promise<ReplyOf<typeof gitShowChange>> {
    return taskId === 'T002' ? { text: '', cut: false } : { commit, text: `diff of ${taskId ?? 'everything'}`, cut: false };
  }

  @OnCommand(docsSearch)
  async search(): Promise<ReplyOf<typeof docsSearch>> {
    return { branch: 'main', indexed_commit: SHA, stale: false, partial: false, how: 'words', notices: [], hits: [{ id: 'x', kind: 'function', name: 'tax', signature: 'tax()', summary: '', source: 'a.ts#L1-L2', score: 1 }] };
  }
}
@Module({ controllers: [StandIns] })
class StandInsModule {}

let bench: ApiBench;
let services: RunningService;

beforeAll(async () => {
  bench = await ApiBench.start();
  services = await startService({ name: 'stand-ins', module: StandInsModule, besideCascades: true }, bench.host, bench.logger);
});
afterAll(async () => {
  await services?.stop();
  await bench?.stop();
});

/** Asks, checks the answer against the document, and gives it. */
async function ask(method: string, address: string, options: Parameters<ApiBench['ask']>[2] = {}): Promise<{ status: number; json: Record<string, unknown>; text: string; headers: Headers }> {
  const response = await bench.ask(method, address, options);
  expect(await contractProblems(method, address, response)).toEqual([]);
  const text = await response.text();
  return { status: response.status, text, json: /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) as Record<string, unknown> : {}, headers: response.headers };
}

describe('a cascade', () => {
  it('is asked for, and can be looked at at once', async () => {
    const before = await bench.requested();
    const { status, json, headers } = await ask('POST', '/v1/cascades', { scope: 'run', body: { request: 'Add codes', repository: '/srv/shop', deadlineMinutes: 30, approve: ['merge'] } });
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/v1/cascades/${String(json['id'])}`);
    expect(await bench.requested()).toBe(before + 1);
    const [entry] = await bench.redis.xrevrange(redisKeys.stream(cascadeRequested.type), '+', '-', 'COUNT', 1);
    expect(entry![1]).toEqual(expect.arrayContaining(['source', 'urn:cascade:api', 'correlationid', json['id']]));
    const seen = await ask('GET', headers.get('location')!, { scope: 'read' });
    expect(seen.json).toMatchObject({ id: json['id'], state: 'running', repository: '/srv/shop', stories: [], tasks: [], spend: { calls: 0, budget: {} }, tiers: [{ tier: 0, state: 'waiting' }, {}, {}, {}] });
  });

  it('shows tiers, stories, tasks, gate and spend', async () => {
    await bench.accept('full');
    const item = { cascadeId: 'full', documentPath: 'docs/x.md', document: { deep: true }, modifiedAt: Date.now() };
    const epic = { repo: 'shop', branch: 'main', epicId: '1', epicName: 'codes' };
    await bench.saveItem({ ...item, key: { kind: 'story', ...epic, storyId: '1.1', storyName: 's' }, status: 'Done', title: 'S', columns: { risk_score: '6', qa_gate: 'CONCERNS', qa_gate_path: 'docs/qa/x.yml' } });
    await bench.saveItem({ ...item, key: { kind: 'task', ...epic, storyId: '1.1', storyName: 's', taskId: 'T002' }, status: 'Approved', title: 'T2', columns: { task_kind: 'code', depends_on: 'T001' } });
    await bench.saveItem({ ...item, key: { kind: 'task', ...epic, storyId: '0', storyName: 'shared', taskId: 'T001' }, status: 'Done', title: 'T1', columns: { task_kind: 'chore', commit_sha: SHA, red_tests: '3', attempts: '2' } });
    await bench.redis.hset(redisKeys.agent('full-00'), { agent_id: 'full-00', state: 'active', folder: 'docs/stories' });
    await bench.redis.hset(redisKeys.cascade('full'), {
      tier: '3', usage_calls: '2', usage_prompt_tokens: '10', usage_completion_tokens: '5', usage_usd: '0.5',
      summary: JSON.stringify({ branch: 'cascade/1-codes', commitSha: SHA, stories: [], tasks: [], featureDirectory: 'specs/001', gate: 'CONCERNS' }),
    });
    const { json } = await ask('GET', '/v1/cascades/full', { scope: 'read' });
    expect(json).toMatchObject({
      gate: 'CONCERNS', tier: 3, spend: { calls: 2, promptTokens: 10, completionTokens: 5, usd: 0.5 },
      tiers: [{ state: 'ended', folder: 'docs/stories' }, { state: 'ended' }, { state: 'ended' }, { name: 'execution', state: 'waiting' }],
      stories: [{ id: '1.1', title: 'S', status: 'Done', riskScore: 6, gate: 'CONCERNS' }],
      tasks: [{ id: 'T001', kind: 'chore', commit: SHA, redTests: 3, attempts: 2, dependsOn: [] }, { id: 'T002', storyId: '1.1', dependsOn: ['T001'] }],
    });
    expect(json['tasks']).not.toEqual(expect.arrayContaining([expect.objectContaining({ id: 'T001', storyId: expect.anything() })]));
  });

  it('while it runs, shows its files as they are now, those of tasks that are not merged yet too', async () => {
    await bench.accept('working');
    await bench.redis.hset(redisKeys.journal('working'), {
      'effect/git.repository//srv/shop': JSON.stringify({ value: { repositoryId: 'shop-1', baseSha: SHA } }), 'stories/commit documents': JSON.stringify({ value: { sha: 'b'.repeat(40) } }),
      'merge/T001/1/merge/1': JSON.stringify({ value: { kind: 'merged', tip: SHA, candidate: 'e'.repeat(40) } }),
    });
    await bench.saveItem({ cascadeId: 'working', documentPath: 'docs/x.md', document: {}, modifiedAt: Date.now(), key: { kind: 'task', repo: 'till', branch: 'main', epicId: '2', epicName: 'x', storyId: '2.1', storyName: 's', taskId: 'T001' }, status: 'InProgress', title: 'T', columns: { commit_sha: OF_TASK } });
    expect((await ask('GET', '/v1/cascades/working/artefacts')).json).toMatchObject({ commit: TIP });
    const place = async (address: string): Promise<(string | null)[]> => { const { text, headers } = await ask('GET', address); return [text, headers.get('content-location')]; };
    expect(await place('/v1/cascades/working/artefacts/docs/a.md')).toEqual(['# A', `/v1/cascades/working/artefacts/docs/a.md?commit=${TIP}`]);
    expect(await place('/v1/cascades/working/artefacts/src/new.js')).toEqual(['new', `/v1/cascades/working/artefacts/src/new.js?commit=${OF_TASK}`]);
    for (const commit of [TIP, OF_TASK, 'e'.repeat(40), SHA]) expect((await ask('GET', `/v1/cascades/working/artefacts?commit=${commit}`)).status).toBe(200);
    expect((await ask('GET', `/v1/cascades/working/artefacts?commit=${'f'.repeat(40)}`)).status).toBe(404);
    expect((await ask('GET', '/v1/cascades/working/artefacts/nowhere.md')).status).toBe(404);
  });

  it('has artefacts, a report and a transcript', async () => {
    expect((await ask('GET', '/v1/cascades/full/artefacts')).json).toMatchObject({ code: 'CASC_NOTHING_TO_SHOW' });
    await bench.redis.hset(redisKeys.journal('full'), 'effect/git.repository//srv/shop', JSON.stringify({ value: { repositoryId: 'shop-1', baseSha: SHA } }));
    expect((await ask('GET', '/v1/cascades/full/artefacts')).json).toMatchObject({ commit: SHA, more: false, files: [{ path: 'docs/a.md', bytes: 3 }, {}, {}] });
    const artefact = await ask('GET', '/v1/cascades/full/artefacts/src/%3Cb%3E.html');
    expect(artefact.text).toBe('<script>1</script>');
    expect(artefact.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect((await ask('GET', '/v1/cascades/full/artefacts/docs/missing.md')).json).toMatchObject({ status: 404, code: 'CASC_NOTHING_TO_SHOW' });
    expect((await ask('GET', `/v1/cascades/full/artefacts/docs/a.md?commit=${'b'.repeat(40)}`)).status).toBe(404);
    expect((await ask('GET', '/v1/cascades/full/report')).text).toBe('# Report');
    expect((await ask('GET', '/v1/cascades/full/change', { scope: 'read' })).json).toEqual({ commit: SHA, diff: 'diff of everything', cut: false });
    expect((await ask('GET', '/v1/cascades/full/change?task=T001')).json).toMatchObject({ diff: 'diff of T001' });
    expect((await ask('GET', '/v1/cascades/full/change?task=T002')).json).toMatchObject({ status: 404, code: 'CASC_NOTHING_TO_SHOW' });
    expect((await ask('GET', '/v1/cascades/full/change?task=../x')).status).toBe(400);
    await bench.redis.xadd(redisKeys.chat('full'), '1-0', 'event', JSON.stringify({ type: 'started', config: {} }), 'at', '2026-01-01T00:00:00.000Z');
    await bench.redis.xadd(redisKeys.chat('full'), '2-0', 'event', JSON.stringify({ type: 'said', message: { speaker: 'po', content: 'yes' } }), 'at', '2026-01-01T00:00:01.000Z');
    expect((await ask('GET', '/v1/cascades/full/transcript?limit=1')).json).toMatchObject({ messages: [{ number: 1, event: { type: 'started' } }], next: 1 });
    const rest = await ask('GET', '/v1/cascades/full/transcript?after=1');
    expect(rest.json).toEqual({ messages: [{ number: 2, at: '2026-01-01T00:00:01.000Z', event: { type: 'said', message: { speaker: 'po', content: 'yes' } } }] });
  });

  it('takes answers, once', async () => {
    await bench.accept('asks');
    const outcome = await new Questions(bench.redis).ask('asks', { name: 'approve/stories', text: 'Yes?', service: 's', eventId: 'e', entry: { type: 'x', data: '{}' } });
    for (const write of outcome.save) await bench.redis.hset(write.key, write.fields);
    expect((await ask('GET', '/v1/cascades/asks')).json).toMatchObject({ state: 'waiting', questions: [{ name: 'approve/stories', text: 'Yes?' }] });
    const give = (name: string, answer: string) => ask('POST', '/v1/cascades/asks/input', { scope: 'run', body: { name, answer } });
    expect((await give('approve/merge', 'yes')).json).toMatchObject({ status: 404, code: 'CASC_QUESTION_UNKNOWN' });
    expect((await give('approve/stories', 'yes')).json).toEqual({ id: 'asks', name: 'approve/stories', result: 'answered' });
    expect((await give('approve/stories', 'yes')).json).toMatchObject({ result: 'repeated' });
    expect((await give('approve/stories', 'no')).json).toMatchObject({ status: 409, code: 'CASC_QUESTION_ANSWERED' });
    });

  it('is cancelled, and asked for again as one new cascade', async () => {
    await bench.accept('first', { budget: { tokens: 7 }, testCommand: 'npm test' });
    expect((await ask('POST', '/v1/cascades/first/retry')).json).toMatchObject({ status: 409, code: 'CASC_CASCADE_RUNNING' });
    expect((await ask('POST', '/v1/cascades/first/cancel', { body: { reason: 'changed my mind' } })).json).toEqual({ id: 'first', result: 'ended', state: 'cancelled' });
    expect((await ask('POST', '/v1/cascades/first/cancel')).json).toMatchObject({ result: 'already-ended' });
    const before = await bench.requested();
    const [one, two] = [await ask('POST', '/v1/cascades/first/retry'), await ask('POST', '/v1/cascades/first/retry')];
    expect([one.status, two.json['id']]).toEqual([202, one.json['id']]);
    expect(await bench.requested()).toBe(before + 1);
    const [entry] = await bench.redis.xrevrange(redisKeys.stream(cascadeRequested.type), '+', '-', 'COUNT', 1);
    expect(JSON.parse(entry![1].at(-1)!)).toMatchObject({ request: 'Add codes', budget: { tokens: 7 }, testCommand: 'npm test' });
    await new Cascades(bench.redis).cancel(String(one.json['id']), 'x');
    expect((await ask('POST', `/v1/cascades/${String(one.json['id'])}/retry`)).json['id']).not.toBe(one.json['id']);
  });
});

it('lists cascades page by page', async () => {
  const ids: unknown[] = [];
  for (let next = ''; ;) {
    const { json } = await ask('GET', `/v1/cascades?limit=2${next === '' ? '' : `&cursor=${next}`}`);
    ids.push(...(json['cascades'] as { id: string }[]).map(({ id }) => id));
    if (json['next'] === undefined) break;
    next = json['next'] as string;
  }
  expect(ids.length).toBe(await bench.redis.zcard(redisKeys.cascades));
  expect(new Set(ids).size).toBe(ids.length);
  expect((await ask('GET', '/v1/cascades?cursor=abc')).json).toMatchObject({ status: 400, code: 'CASC_CURSOR_INVALID' });
});

it('shows work items', async () => {
  const { json } = await ask('GET', '/v1/work-items?cascade=full&kind=task');
  expect((json['items'] as { key: string }[]).length).toBe(2);
  const key = buildWorkItemKey({ kind: 'story', repo: 'shop', branch: 'main', epicId: '1', epicName: 'codes', storyId: '1.1', storyName: 's' });
  expect((await ask('GET', `/v1/work-items/${encodeURIComponent(key)}`)).json).toMatchObject({ key, kind: 'story', document: { deep: true }, columns: { story_id: '1.1' } });
  expect((await ask('GET', '/v1/work-items/cascade%3Afull')).json).toMatchObject({ status: 404, code: 'CASC_WORK_ITEM_UNKNOWN' });
  expect(((await ask('GET', '/v1/work-items?repository=shop')).json['items'] as unknown[]).length).toBe(3);
});

it('shows dead letters, delivers them again, and removes them', async () => {
  const letter = (cascadeId: string) => ({
    service: 'agent-00-stories', stream: 'stream:cascade.requested', entry_id: '1-1', code: 'CASC_DEFECT', attempts: '5', time: '2026-01-01T00:00:00.000Z', failed: '[]',
    problem: JSON.stringify({ code: 'CASC_DEFECT', kind: 'retryable', message: 'x' }), entry: JSON.stringify({ type: 'cascade.requested', id: 'e', correlationid: cascadeId, data: '{}' }),
  });
  await bench.accept('dead');
  const ids = [await bench.redis.xadd('dead:agent-00-stories', '*', ...Object.entries(letter('dead')).flat()), await bench.redis.xadd('dead:agent-00-stories', '*', ...Object.entries(letter('first')).flat())];
  const { json } = await ask('GET', '/v1/dead-letters?limit=1', { scope: 'read' });
  expect(json).toMatchObject({ more: true, letters: [{ id: ids[0], service: 'agent-00-stories', problem: { code: 'CASC_DEFECT' } }] });
  const at = (id: string | null | undefined) => `/v1/dead-letters/agent-00-stories/${id}`;
  expect((await ask('GET', at(ids[1]))).json).toMatchObject({ id: ids[1] });
  expect((await ask('POST', `${at(ids[0])}/retry`)).json).toMatchObject({ result: 'delivered' });
  expect(await bench.redis.xlen(redisKeys.retries('agent-00-stories'))).toBe(1);
  expect((await ask('POST', `${at(ids[0])}/retry`)).json).toMatchObject({ status: 404, code: 'CASC_DEAD_LETTER_UNKNOWN' });
  expect((await ask('POST', `${at(ids[1])}/retry`)).json).toMatchObject({ status: 409, code: 'CASC_DEAD_LETTER_CASCADE_ENDED' });
  expect((await ask('DELETE', at(ids[1]))).status).toBe(204);
  expect((await ask('GET', '/v1/dead-letters')).json).toEqual({ letters: [], more: false });
});

it('shows how far services are behind', async () => {
  const { json } = await ask('GET', '/v1/streams', { scope: 'read' });
  expect(json['services']).toEqual(expect.arrayContaining([{ service: 'stand-ins', partition: 0, deadLetters: 0, delayedRetries: 0 }]));
  expect(json['groups']).toEqual(expect.arrayContaining([expect.objectContaining({ stream: 'stream:docs.search', group: 'stand-ins', lag: 0, pending: 0 })]));
});

it('answers questions about repositories', async () => {
  expect((await ask('POST', '/v1/docs/search', { scope: 'read', body: { repository: '/srv/shop', query: 'tax' } })).json).toMatchObject({ hits: [{ name: 'tax' }] });
  expect((await ask('POST', '/v1/docs/index', { scope: 'run', body: { repository: '/srv/shop' } })).json).toMatchObject({ id: expect.any(String) });
  expect((await ask('POST', '/v1/docs/search', { body: { repository: '/srv/shop' } })).json).toMatchObject({ status: 400, findings: [expect.stringContaining('body.query')] });
});

it('answers on the older routes', async () => {
  const { status, json, headers } = await ask('POST', '/cascade/execute', { scope: 'run', body: { user_request: 'Add codes', repo_name: '/srv/shop', branch_name: 'main', epic_id: '7', epic_name: 'codes' } });
  expect([status, json]).toEqual([202, { task_id: expect.any(String), status: 'running', redis_key: `cascade:${String(json['task_id'])}` }]);
  expect(await bench.redis.hget(String(json['redis_key']), 'epic_name')).toBe('codes');
  expect((await ask('GET', headers.get('location')!)).json).toEqual({ task_id: json['task_id'], status: 'running', redis_key: json['redis_key'] });
  expect((await ask('GET', '/cascade/status/first')).json).toMatchObject({ status: 'cancelled', error: 'changed my mind' });
});

it('says what it is, and how', async () => {
  expect((await ask('GET', '/openapi.json', { scope: 'none' })).json).toMatchObject({ openapi: '3.1.0' });
  expect((await ask('GET', '/asyncapi.json', { scope: 'none' })).json).toMatchObject({ asyncapi: '3.0.0' });
  expect((await ask('GET', '/live', { scope: 'none' })).json).toEqual({ status: 'ok' });
  expect((await ask('GET', '/ready', { scope: 'none' })).json).toEqual({ status: 'ok' });
});

it('had an answer of every operation checked', () => {
  const asked = new Set([...checked].map((line) => line.split(' ')[0]));
  // Streams and MCP have specs of their own; the other questions to the graph are the same method with another contract.
  expect(operationIds.filter((id) => !asked.has(id) && !['cascadeEvents', 'overviewEvents', 'callMcp'].includes(id) && !id.startsWith('docs'))).toEqual([]);
});
