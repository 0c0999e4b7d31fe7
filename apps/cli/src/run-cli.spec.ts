import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { redisKeys } from '@cascade/contracts';
import { removeTemporaryFolders, startTestRedis, temporaryFolder, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { runCli } from './run-cli.js';
import { recordedScreen, type RecordedScreen } from './testing/recorded-screen.js';
import { sampleHash, sampleSummary } from './testing/sample-record.js';

describe('cascade', () => {
  let server: TestRedis;
  let redis: Redis;
  let screen: RecordedScreen;
  const cascade = (args: string[], more: Record<string, string> = {}) => runCli(args, { PATH: process.env['PATH'], REDIS_URL: server.url, ...more }, screen);
  const told = (): string => [...screen.noticeLines, ...screen.dataLines].join('\n');

  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
    await redis.hset(redisKeys.cascade('done'), sampleHash({ state: 'completed', ended_at: '2026-01-05T09:01:30.000Z', summary: JSON.stringify(sampleSummary), usage_calls: '12' }));
    await redis.hset(redisKeys.cascade('open'), sampleHash());
    await redis.hset(redisKeys.cascade('asks'), sampleHash({ state: 'waiting', 'question:q': 'Which?', deadline_left_ms: '600000', review: JSON.stringify({ repositoryId: 'shop-1', commit: 'a'.repeat(40), paths: ['docs/a.md'] }) }));
    await redis.zadd(redisKeys.cascades, 2, 'done', 1, 'open');
  });
  beforeEach(() => { screen = recordedScreen(); });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
    removeTemporaryFolders();
  });

  it('refuses a run without a model, names the three ways to one, and writes nothing', async () => {
    const home = path.join(temporaryFolder('home'), 'state');
    expect(await cascade(['run', 'Add discounts', '--repo', process.cwd()], { REDIS_URL: '', CASCADE_HOME: home })).toBe(2);
    expect(told()).toMatch(/OPENAI_API_KEY[^]*OPENAI_BASE_URL[^]*CASCADE_LLM_REPLAY/);
    expect(existsSync(home)).toBe(false);
  });

  it('sets and shows what a tenant may spend', async () => {
    await redis.hset(redisKeys.tenant('acme'), { usage_calls: 3, usage_prompt_tokens: 40, usage_completion_tokens: 2, usage_usd: 0.5 });
    expect([await cascade(['budget', 'acme', '--tokens', '1000']), await cascade(['budget'])]).toEqual([0, 0]);
    expect(screen.dataLines).toEqual(['acme: 42 of 1000 tokens, 0.5 USD, 3 calls', 'default: 0 tokens, 0 USD, 0 calls']);
    expect(await cascade(['budget', 'acme', '--usd', '2.5', '--json'])).toBe(0);
    expect(JSON.parse(screen.dataLines.at(-1)!)).toMatchObject({ budget: { tokens: 1000, usd: 2.5 }, usage: { calls: 3 } });
  });

  it.each([
    [['run', 'x'], /--repo/],
    [['run', 'x', '--repo', '/does/not/exist'], /no folder \/does\/not\/exist/],
    [['run', '  ', '--repo', '.'], /request/],
    [['run', 'x', '--repo', '.', '--budget-tokens', '1.5'], /whole number/],
    [['run', 'x', '--repo', '.', '--clarifications', 'guess'], /assume, ask/],
    [['run', 'x', '--repo', '.', '--approve', 'stories,everything'], /approve\.1/],
    [['run', 'x', '--repo', '.', '--deadline-while-waiting', 'never'], /pause, run/],
    [['run', 'x', '--repo', '.', '--tenant', 'A B'], /tenant/],
    [['budget', 'A B'], /lower-case letters/],
    [['walk'], /unknown command/],
    [['status', 'nope'], /no cascade "nope"[^]*cascade list/],
    [['watch', 'nope'], /no cascade/],
    [['resume', 'nope'], /no cascade/],
    [['cancel', 'nope'], /no cascade/],
    [['answer', 'open', 'q', 'yes'], /does not wait/],
    [['clean-up', 'open'], /has not ended[^]*cancel open/],
    [['answer', 'open', 'q'], /does not wait for an answer to "q"/],
    [['answer', 'done'], /has ended \(completed\)/],
    [['answer', 'asks'], /Which\?[^]*answer asks q "<your answer>"[^]*no terminal to ask/],
    [['answer', 'nope', 'q', 'yes'], /no cascade/],
    [['show', 'nope'], /no cascade/],
    [['show', 'open', 'docs/a.md'], /Nothing of cascade open has been put up[^]*--approve/],
  ])('says what is wrong with %j', async (args, message) => {
    expect(await cascade(args)).toBe(2);
    expect(told()).toMatch(message);
    expect(told()).not.toMatch(/\n\s+at /);
  });

  it('shows how far services are behind', async () => {
    await redis.xgroup('CREATE', 'stream:stories.approved', 'agent-10-specs', '0', 'MKSTREAM');
    await redis.xadd('stream:stories.approved', '*', 'type', 'stories.approved');
    await redis.zadd('delayed:agent-10-specs', 1, 'x');
    expect(await cascade(['lag'])).toBe(0);
    expect(told()).toMatch(/stories.approved +agent-10-specs +1 +0/);
    expect(told()).toMatch(/agent-10-specs +1 delayed +0 dead letters/);
    await redis.del('stream:stories.approved', 'delayed:agent-10-specs');
  });

  it('asks for another try at what a clean-up had to park', async () => {
    await redis.hset(redisKeys.cascade('stuck'), sampleHash({ state: 'failed', ended_at: '2026-01-05T09:01:30.000Z', clean_up: 'parked', clean_up_problem: '{"code":"CASC_GIT_BUSY","message":"git.workspace:T001: It is busy."}' }));
    await redis.hset(redisKeys.effects('stuck'), 'git.workspace:T001', JSON.stringify({ seq: 1, kind: 'git.workspace', key: 'T001', undo: { repositoryId: 'shop' }, state: 'parked', failures: 3, tries: 3, problem: { code: 'CASC_GIT_BUSY', message: 'It is busy.' } }));
    expect(await cascade(['status', 'stuck'])).toBe(0);
    expect(told()).toMatch(/clean-up stuck[^]*parked: git.workspace:T001: It is busy/);
    expect(await cascade(['clean-up', 'stuck'])).toBe(0);
    expect(screen.dataLines.at(-1)).toMatch(/^git.workspace:T001 +It is busy.$/);
    expect((await redis.xrange('stream:cascade.clean_up_requested', '-', '+')).flatMap(([, fields]) => fields)).toContain('stuck');
  });

  it('needs the Redis of a remote deployment', async () => {
    expect(await cascade(['list', '--remote'], { REDIS_URL: '' })).toBe(2);
    expect(told()).toContain('REDIS_URL is not set');
  });

  it('publishes and watches, and starts nothing, for a remote deployment', async () => {
    const following = cascade(['run', 'Add discounts', '--repo', 'https://example.com/shop.git', '--budget-tokens', '5000', '--approve', 'stories,merge', '--deadline-while-waiting', 'run', '--json', '--remote']);
    const streams = await redis.xread('BLOCK', 120_000, 'STREAMS', redisKeys.stream('cascade.requested'), '0');
    const fields = streams?.[0]?.[1][0]?.[1] ?? [];
    const value = (name: string): string => fields[fields.indexOf(name) + 1] ?? '';
    expect(JSON.parse(value('data'))).toEqual({ request: 'Add discounts', repository: 'https://example.com/shop.git', budget: { tokens: 5000 }, deadlineWhileWaiting: 'run', approve: ['stories', 'merge'] });
    await redis.hset(redisKeys.cascade(value('correlationid')), sampleHash({ state: 'failed', problem: JSON.stringify({ kind: 'terminal', code: 'CASC_BUDGET_EXCEEDED', message: 'too dear' }) }));
    expect(await following).toBe(7);
    expect(screen.dataLines.map((line) => JSON.parse(line))).toMatchObject([{ type: 'started', id: value('correlationid') }, { type: 'result', exitCode: 7, state: 'failed' }]);
  });

  it('shows a finished cascade with all that it brought', async () => {
    expect(await cascade(['watch', 'done'])).toBe(0);
    expect(screen.dataLines.join('\n')).toMatch(/done in 1 min 30 s[^]*1\.1 {2}Share out an amount[^]*highest risk 6[^]*CONCERNS[^]*specs\/001-discounts[^]*T002 .*5 tests red → green after 1 repair[^]*cascade\/1-discounts at aaaaaaaaaa \(2 task commits\)[^]*12 calls/);
  });

  it('shows what a cascade waits for, that its deadline is paused, and what is to be approved', async () => {
    expect(await cascade(['status', 'asks'])).toBe(0);
    expect(told()).toMatch(/waits for you \(deadline paused, 10 min left\)[^]*Which\?[^]*answer asks q[^]*resume asks[^]*deadline +paused, 10 min left; waits until 2026/);
    screen = recordedScreen();
    expect(await cascade(['watch', 'asks', '--no-wait'])).toBe(6);
    expect(await cascade(['show', 'asks'])).toBe(0);
    expect(screen.dataLines).toEqual(['docs/a.md']);
  });

  it('lists and reports as JSON lines', async () => {
    expect(await cascade(['list', '--json'])).toBe(0);
    expect(screen.dataLines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(['done', 'open']);
    screen = recordedScreen();
    expect(await cascade(['status', 'open', '--json'])).toBe(0);
    expect(JSON.parse(screen.dataLines[0] ?? '')).toMatchObject({ id: 'open', state: 'running', agents: [] });
  });

  it('cancels once', async () => {
    expect(await cascade(['cancel', 'open'])).toBe(0);
    expect(await cascade(['cancel', 'open'])).toBe(0);
    expect(screen.noticeLines).toEqual(['Cascade open is cancelled.', 'Cascade open had ended already: cancelled.']);
    expect(await redis.hget(redisKeys.cascade('open'), 'state')).toBe('cancelled');
  });
});
