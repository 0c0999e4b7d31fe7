import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Model, requireModelConfig } from '@cascade/llm';
import { readHostConfig } from '@cascade/service-host';
import { MemoryRun, ScriptedModel } from '@cascade/testing';
import { MessageWriter, type CommitFacts, type PullRequestFacts } from './message-writer.js';
import { sampleProgram, sampleTask } from './testing/sample-plan.js';

const facts: CommitFacts = { type: 'feat', scope: 'coupons', program: sampleProgram(sampleTask('T002', 'code')), story: '1.1 Coupons: as buyer, I want less to pay', diff: 'new file src/x.js\n+export const x = 1;' };
const pull: PullRequestFacts = { request: 'Add coupons', title: 'Coupons', goal: 'Buyers pay less.', stories: ['1.1 Apply a code', '1.2 Refuse a code'] };
const good = { subject: 'apply coupons to the total', body: 'Buyers asked for it.\n\nThe total is rounded once.', end: 'END' };
const plain = { subject: 'feat(coupons): Do T002', body: '' };

let script: ScriptedModel;
let run: MemoryRun;
beforeEach(async () => {
  script = await ScriptedModel.start();
  run = new MemoryRun();
});
afterEach(() => script.close());

const writer = (env: Readonly<Record<string, string>> = {}): MessageWriter => {
  const all = { ...script.env, CASCADE_COMMIT_MESSAGES: 'model', CASCADE_HOME: '/nowhere', ...env };
  return new MessageWriter(new Model({ ...requireModelConfig(all), retryDelaysMs: [] }), readHostConfig(all));
};
const json = (value: unknown): { kind: 'json'; value: unknown } => ({ kind: 'json', value });

describe('a commit', () => {
  it('is worded by the model from task, story and diff, in one bounded call', async () => {
    script.answer(json(good));
    expect(await writer().commit(run, 'm', facts)).toEqual({ subject: 'feat(coupons): apply coupons to the total', body: good.body });
    expect(script.requests[0]?.body['max_tokens']).toBe(2_000);
    expect(script.requests[0]?.prompt).toMatch(/at most 57 characters[^]*<<<\nT002 Do T002 \(src\/T002\.js\)\n>>>[^]*<<<\n1\.1 Coupons[^]*<<<\nnew file src\/x\.js\n/);
  });

  it('is asked for once: a handler that runs again has the same words', async () => {
    script.answer(json(good));
    const first = await writer().commit(run, 'm', facts);
    expect(await writer().commit(run.restart(), 'm', facts)).toEqual(first);
    expect(script.requests).toHaveLength(1);
  });

  it('is corrected once, with the problems', async () => {
    script.answer(json({ ...good, subject: 'feat: apply coupons to the total, whatever the weather may be on that very day.' }), json(good));
    expect((await writer().commit(run, 'm', facts)).subject).toBe('feat(coupons): apply coupons to the total');
    expect(script.requests[1]?.messages.at(-1)?.content).toMatch(/at most 57 are allowed[^]*begins with a type[^]*ends with a full stop/);
  });

  it.each<[string, () => void, Record<string, string>]>([
    ['the model fails', () => script.answer({ kind: 'status', status: 401 }), {}],
    ['the model answers badly twice', () => script.answer('no', 'no'), {}],
    ['the model speaks for others twice', () => script.answer(json({ ...good, body: 'Signed-off-by: A B <a@b.c>' }), json({ ...good, subject: 'closes #1' })), {}],
    ['nobody is to be asked', () => undefined, { CASCADE_COMMIT_MESSAGES: 'plain' }],
  ])('is worded from its task when %s', async (_what, prepare, env) => {
    prepare();
    expect(await writer(env).commit(run, 'm', facts)).toEqual(plain);
  });

  it('is worded from its task when the budget is spent, and asks nothing', async () => {
    const poor = new MemoryRun({ budget: { tokens: 1_500 } });
    expect(await writer().commit(poor, 'm', facts)).toEqual(plain);
    expect(script.requests).toHaveLength(0);
    expect(poor.lines).toEqual([{ kind: 'notice', text: 'm: worded without the model (CASC_BUDGET_EXCEEDED)' }]);
  });

  it('is not worded at all when the work stops', async () => {
    const controller = new AbortController();
    script.answer({ kind: 'silence' });
    const words = writer().commit(new MemoryRun({ signal: controller.signal }), 'm', facts);
    await script.received(1);
    controller.abort();
    await expect(words).rejects.toMatchObject({ kind: 'cancelled' });
  });

  it('has a subject of at most 72 characters, whatever task and scope are called', async () => {
    const long = { ...facts, program: sampleProgram(sampleTask('T002', 'code', { title: 'word '.repeat(60) })) };
    const [named, unnamed] = [await writer({ CASCADE_COMMIT_MESSAGES: 'plain' }).commit(run, 'm', long), await writer({ CASCADE_COMMIT_MESSAGES: 'plain' }).commit(run, 'm', { ...long, scope: 's'.repeat(60) })];
    expect([named.subject.length <= 72, named.subject.endsWith('word…'), unnamed.subject.length <= 72, unnamed.subject.startsWith('feat: word')]).toEqual([true, true, true, true]);
    expect(named.body.split(/\s/)).toHaveLength(60);
  });
});

describe('a pull request', () => {
  it('is worded by the model', async () => {
    script.answer(json({ title: 'Let buyers use coupons', summary: 'Buyers asked.\n\n- codes', end: 'END' }));
    expect(await writer().pullRequest(run, 'p', pull)).toEqual({ title: 'Let buyers use coupons', body: 'Buyers asked.\n\n- codes' });
  });

  it('says goal and stories when the model cannot', async () => {
    script.answer({ kind: 'status', status: 401 });
    expect(await writer().pullRequest(run, 'p', pull)).toEqual({ title: 'Coupons', body: 'Buyers pay less.\n\n- 1.1 Apply a code\n- 1.2 Refuse a code' });
  });
});

describe('who words', () => {
  it('is the model when it is live, and nobody when answers are replayed', () => {
    const who = (env: Record<string, string>): string => readHostConfig({ CASCADE_HOME: '/nowhere', ...env }).commitMessages;
    const live = { OPENAI_BASE_URL: script.baseURL, CASCADE_MODEL: 'm' };
    expect([who(live), who({ ...live, CASCADE_COMMIT_MESSAGES: 'plain' }), who({ CASCADE_LLM_REPLAY: '/r' }), who({ CASCADE_LLM_REPLAY: '/r', CASCADE_COMMIT_MESSAGES: 'model' }), who({})]).toEqual(['model', 'plain', 'plain', 'model', 'plain']);
  });
});
