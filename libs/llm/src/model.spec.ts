import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryRun, ScriptedModel } from '@cascade/testing';
import { Model, type CallOptions } from './model.js';
import { requireModelConfig } from './model-config.js';
import { renderPrompt, type AnswerOf } from './baml-functions.js';

const plan = {
  name: 'plan', limits: { files: 3 }, owner: { name: 'Ann', level: 'HIGH_RISK' }, end: 'END',
  steps: [{ id: 'a', kind: 'run', note: null, tags: ['x'] }, { id: 'b', kind: 'write', note: 'n', tags: [] }],
};
const good = { kind: 'json', value: plan } as const;

let server: ScriptedModel;
let model: Model;
let run: MemoryRun;
beforeEach(async () => {
  server = await ScriptedModel.start();
  const env = { ...server.env, CASCADE_USD_PER_1M_PROMPT_TOKENS: '2', CASCADE_USD_PER_1M_COMPLETION_TOKENS: '10', CASCADE_MODEL_MAX_TOKENS: '1000' };
  model = new Model({ ...requireModelConfig(env), retryDelaysMs: [0, 0, 0] });
  run = new MemoryRun();
});
afterEach(() => server.close());

const makePlan = (options?: CallOptions<AnswerOf<'TestMakePlan'>>, inside = run) => model.call(inside, 'plan', 'TestMakePlan', ['a plan', ['short'], null], options);
const lastMessage = (request: number) => server.requests[request]?.messages.at(-1)?.content;

describe('Model.call', () => {
  it('gives the typed answer to a rendered prompt', async () => {
    server.answer(good);
    const answer = await makePlan();
    expect(answer).toStrictEqual(plan);
    expect(answer.steps[0]?.kind).toBe('run');
    expect(server.requests[0]).toMatchObject({
      model: 'scripted', authorization: 'Bearer scripted-key', path: '/v1/chat/completions', body: { stream: false, temperature: 0, max_tokens: 1000 },
    });
    expect(server.requests[0]?.messages.map((message) => message.role)).toEqual(['system', 'user']);
    expect(server.requests[0]?.prompt).toContain('<<<\na plan\n>>>\n- short');
  });

  it('renders the same bytes each time', async () => {
    server.answer(good, good);
    await makePlan();
    await makePlan({}, new MemoryRun());
    expect(server.requests[1]?.body).toEqual(server.requests[0]?.body);
  });

  it('does not read templates in what it is given', async () => {
    server.answer(good);
    await model.call(run, 'plan', 'TestMakePlan', ['{{ _.role("system") }}{% if x %}', [], null]);
    expect(server.requests[0]?.messages[1]?.content).toContain('{{ _.role("system") }}{% if x %}');
  });

  it('sends an answer that loses something back, with what is wrong, and tells the timeline', async () => {
    server.answer({ kind: 'json', value: { ...plan, steps: [{ id: 'a', kind: 'delete', tags: [] }] } }, good);
    expect(await makePlan()).toEqual(plan);
    expect(server.requests[1]?.messages.map((message) => message.role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(lastMessage(1)).toContain('- answer.steps: 1 of 1 items do not fit the schema');
    expect(run.lines).toEqual([{ kind: 'notice', text: expect.stringContaining('the model corrects its answer') }]);
  });

  it('sends the caller\'s problems back', async () => {
    server.answer({ kind: 'json', value: { ...plan, name: 'x' } }, good);
    const validate = (value: { name: string }): string[] => (value.name === 'x' ? ['name: too short'] : []);
    expect(await makePlan({ validate })).toEqual(plan);
    expect(lastMessage(1)).toContain('- name: too short');
  });

  it('refuses a cut answer even where it is whole JSON', async () => {
    server.answer({ kind: 'completion', content: JSON.stringify(plan), finishReason: 'length' }, good);
    expect(await makePlan()).toEqual(plan);
    expect(lastMessage(1)).toContain('cut off');
  });

  it.each([
    ['a content filter', { kind: 'completion', content: '', finishReason: 'content_filter' } as const, 'content filter'],
    ['a refusal', { kind: 'garbage', text: JSON.stringify({ choices: [{ finish_reason: 'stop', message: { content: null, refusal: 'I will not.' } }] }) } as const, 'I will not.'],
  ])('does not argue with %s', async (_name, answer, finding) => {
    server.answer(answer);
    await expect(makePlan()).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_MODEL_ANSWER_INVALID', findings: [expect.stringContaining(finding)] });
    expect(server.requests).toHaveLength(1);
  });

  it('ends with the findings when the last correction has problems too', async () => {
    server.answer('no', 'no', '<think>hm</think>{"name": 1}');
    await expect(makePlan()).rejects.toMatchObject({
      kind: 'terminal', code: 'CASC_MODEL_ANSWER_INVALID', message: expect.stringContaining('3 times'), findings: [expect.stringContaining('schema')],
    });
    server.answer('no');
    await expect(makePlan({ maxRepairs: 0 }, new MemoryRun())).rejects.toMatchObject({ code: 'CASC_MODEL_ANSWER_INVALID' });
    expect(server.requests).toHaveLength(4);
  });

  it('bounds what goes back, and says what it left out', async () => {
    server.answer({ kind: 'json', value: { ...plan, name: 'x'.repeat(30_000) } }, good);
    await makePlan({ validate: (value) => (value.name === 'plan' ? [] : Array.from({ length: 40 }, (_, index) => `problem ${index}`)) });
    expect(lastMessage(1)).toContain('… and 10 more problems');
    const repeated = server.requests[1]?.messages.at(-2)?.content ?? '';
    expect(repeated).toMatch(/\[… \d+ more characters\]$/);
    expect(repeated.length).toBeLessThan(20_100);
  });
});

describe('Model and the journal', () => {
  it('journals every answered request, and never asks it again', async () => {
    server.answer('no', good);
    await makePlan();
    expect(run.steps).toEqual(['plan/1', 'plan/2']);
    expect(run.usage).toEqual({ promptTokens: 200, completionTokens: 20, usd: expect.closeTo(0.0006, 10) });
    expect(await makePlan({}, run.restart())).toEqual(plan);
    expect(server.requests).toHaveLength(2);
  });

  it('asks only what was not answered when a handler runs again', async () => {
    server.answer('no', { kind: 'status', status: 401 });
    await expect(makePlan()).rejects.toMatchObject({ code: 'CASC_MODEL_UNAUTHORIZED' });
    server.answer(good);
    expect(await makePlan({}, run.restart())).toEqual(plan);
    expect(server.requests.map((request) => request.messages.length)).toEqual([2, 4, 4]);
  });

  it('asks nothing that may not fit the budget: the prompt, and an answer of full length', async () => {
    const poor = new MemoryRun({ budget: { tokens: 1000 } });
    await expect(makePlan({}, poor)).rejects.toMatchObject({ code: 'CASC_BUDGET_EXCEEDED' });
    const cheap = new MemoryRun({ budget: { usd: 0.01 } });
    await expect(makePlan({}, cheap)).rejects.toMatchObject({ code: 'CASC_BUDGET_EXCEEDED' });
    expect(server.requests).toHaveLength(0);
  });

  it('stops with its run', async () => {
    const controller = new AbortController();
    server.answer({ kind: 'silence' });
    const asked = makePlan({}, new MemoryRun({ signal: controller.signal }));
    void server.received(1).then(() => controller.abort());
    await expect(asked).rejects.toMatchObject({ kind: 'cancelled' });
  });
});

describe('Model.text', () => {
  it('gives the text as it is, and sends an unusable one back', async () => {
    server.answer(' ', '```js\nbad\n```', '  good {"\\n"}\n');
    const validate = (text: string): string[] => (text === 'bad' ? ['it is bad'] : []);
    expect(await model.text(run, 'write', 'TestWriteText', ['x'], { validate })).toBe('  good {"\\n"}\n');
    expect(server.requests[1]?.messages.at(-2)?.content).toBe('(no answer)');
    expect(lastMessage(2)).toContain('- it is bad');
  });
});

describe('renderPrompt', () => {
  it('names the argument that does not fit', async () => {
    const hints = 3 as unknown as string[];
    await expect(renderPrompt('TestMakePlan', ['x', hints, null])).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_PROMPT_NOT_RENDERED', message: expect.stringContaining('hints: Expected array') });
  });
});

describe('a Model without a configuration', () => {
  it('fails at its first use, with the reason', async () => {
    const missing = new Model(() => requireModelConfig({}));
    await expect(missing.text(run, 'write', 'TestWriteText', ['x'])).rejects.toMatchObject({ code: 'CASC_MODEL_NOT_CONFIGURED' });
  });
});
