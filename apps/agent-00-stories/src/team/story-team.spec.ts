import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Model, requireModelConfig } from '@cascade/llm';
import { MemoryRun, ScriptedModel, startTestRedis, type ScriptedAnswer } from '@cascade/testing';
import { Redis } from 'ioredis';
import { RedisChatStore } from '../chat/chat-store.js';
import { approval, briefAnswer, criticalRisk, designAnswer, designWith, draftAnswer, revision, sampleRequest } from '../testing/sample-team.js';
import { numberingProblems } from './analyst.js';
import { entryProblems } from './architect.js';
import { verdictProblems } from './product-owner.js';
import { discuss, type Agreement } from './story-team.js';

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;
let script: ScriptedModel;
let model: Model;
let run: MemoryRun;
const files = new Map<string, number | undefined>([['src/cart.js', 3], ['README.md', undefined]]);
const json = (value: unknown): ScriptedAnswer => ({ kind: 'json', value });
const badDesign = designWith({ tasks: [{ title: 'Half of it', criteria: [1] }] });
const risky = designWith({ risks: criticalRisk, scenarios: designAnswer.stories[0]?.scenarios.map((scenario) => ({ ...scenario, priority: 'P0' as const, mitigates: ['SEC-001'] })) ?? [] });

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
});
beforeEach(async () => {
  await redis.flushall();
  script = await ScriptedModel.start();
  model = new Model({ ...requireModelConfig(script.env), retryDelaysMs: [] });
  run = new MemoryRun();
});
afterEach(() => script.close());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const talk = (on = run, mayAsk = false): Promise<Agreement> =>
  discuss(new RedisChatStore(redis, 'c1'), model, { request: sampleRequest, repository: 'src/cart.js', files, mayAsk }, on);
const rounds = (of = run): string => of.lines.filter((line) => line.kind === 'round').map((line) => /, ([a-z]+):/.exec(line.text)?.[1]).join(' ');

describe('the team', () => {
  it('agrees with four calls when all goes well', async () => {
    script.answer(json(briefAnswer), json(draftAnswer), json(designAnswer), json(approval));
    const agreed = await talk();
    expect(agreed).toMatchObject({ draft: { title: 'Discount codes' }, concerns: [], rounds: 5 });
    expect(rounds()).toBe('coordinator analyst architect po validator');
    expect(run.steps).toEqual(['stories/chat/3/1', 'stories/chat/5/1', 'stories/chat/7/1', 'stories/chat/9/1']);
  });

  it('sends a bad plan back with the findings, and records a concern without sending it back', async () => {
    const concern = designWith({ risks: [{ ...criticalRisk[0] ?? { id: '', title: '', description: '', mitigation: '' }, probability: 2, impact: 3 }], scenarios: risky.stories[0]?.scenarios ?? [] });
    script.answer(json(briefAnswer), json(draftAnswer), json(badDesign), json(concern), json(approval));
    const agreed = await talk();
    expect(rounds()).toBe('coordinator analyst architect validator architect po validator');
    expect(script.requests[3]?.prompt).toContain('FAIL criterion-without-task (story 1.1): no task names acceptance criterion 2');
    expect(agreed.concerns.map((finding) => finding.code)).toEqual(['risk-high']);
  });

  it('revises when the product owner asks for it, and plans again', async () => {
    script.answer(json(briefAnswer), json(draftAnswer), json(designAnswer), json(revision('analyst', 'Say the currency.')), json(draftAnswer), json(designAnswer), json(approval));
    await talk();
    expect(rounds()).toBe('coordinator analyst architect po analyst architect po validator');
    expect(script.requests[4]?.prompt).toContain('1. Say the currency.');
    expect(script.requests[4]?.prompt).toContain('Your current version.');
  });

  it('lets a model choose who acts on a revision for all', async () => {
    script.answer(json(briefAnswer), json(draftAnswer), json(designAnswer), json(revision('team', 'Smaller.')), json({ speaker: 'po', reason: 'x', end: 'END' }), json({ speaker: 'architect', reason: 'tests', end: 'END' }), json(designAnswer), json(approval));
    await talk();
    expect(rounds()).toBe('coordinator analyst architect po architect po validator');
    expect(script.requests[5]?.prompt).toContain('Choose exactly one of: analyst, architect, validator');
  });

  it('corrects an answer of the wrong form before anybody sees it', async () => {
    const misnumbered = { ...draftAnswer, stories: draftAnswer.stories.map((story) => ({ ...story, number: 2 })) };
    script.answer(json(briefAnswer), json(misnumbered), json(draftAnswer), json({ ...designAnswer, stories: designAnswer.stories.slice(0, 1) }), json(designAnswer), json(approval));
    expect((await talk()).rounds).toBe(5);
    expect(script.requests[2]?.prompt).toContain('"number" must be 1 to 2 in order');
    expect(script.requests[4]?.prompt).toContain('exactly one entry is needed for each of the stories 1, 2; the answer has 1');
  });

  it('asks a person when it may, and tells the analyst the answer', async () => {
    script.answer(json({ ...briefAnswer, questions: ['Which currency?'] }), json(draftAnswer), json(designAnswer), json(approval));
    await expect(talk(run, true)).rejects.toMatchObject({ kind: 'needs-input', message: 'Which currency?' });
    const answered = new MemoryRun({ answers: { 'stories/question/4': 'Euro' } });
    await talk(answered, true);
    expect(script.requests).toHaveLength(4);
    expect(script.requests[1]?.prompt).toContain('Answers of the requester:\n- Euro');
  });

  it('fails with the findings when a risk of 9 stays after three corrections', async () => {
    script.answer(json(briefAnswer), ...Array.from({ length: 4 }, () => [json(draftAnswer), json(risky)]).flat());
    await expect(talk()).rejects.toMatchObject({ code: 'CASC_RISK_TOO_HIGH', kind: 'terminal', findings: [expect.stringContaining('SEC-001')] });
    expect(rounds().match(/validator/g)).toHaveLength(4);
    expect(script.requests).toHaveLength(9);
  });

  it('fails with the findings when the plan stays invalid after three corrections', async () => {
    script.answer(json(briefAnswer), json(draftAnswer), ...Array.from({ length: 4 }, () => json(badDesign)));
    await expect(talk()).rejects.toMatchObject({ code: 'CASC_STORIES_INVALID', kind: 'terminal', findings: [expect.stringContaining('criterion-without-task')] });
  });

  it('fails with the changes when the product owner is never content', async () => {
    script.answer(json(briefAnswer), json(draftAnswer), ...Array.from({ length: 6 }, () => [json(designAnswer), json(revision('architect', 'More.'))]).flat());
    await expect(talk()).rejects.toMatchObject({ code: 'CASC_STORIES_INVALID', findings: ['More.'] });
  });

  it('goes on after a failure of the endpoint at any call, and pays for no answered call again', async () => {
    const answers = [json(briefAnswer), json(draftAnswer), json(badDesign), json(designAnswer), json(approval)];
    for (let failing = 0; failing < answers.length; failing += 1) {
      await redis.flushall();
      const before = script.requests.length;
      const first = new MemoryRun();
      script.answer(...answers.slice(0, failing), { kind: 'status', status: 401 });
      await expect(talk(first)).rejects.toBeDefined();
      script.answer(...answers.slice(failing));
      const second = first.restart();
      expect((await talk(second)).rounds).toBe(7);
      expect(script.requests.length - before).toBe(answers.length + 1);
      expect(`${rounds(first)} ${rounds(second)}`.trim()).toBe('coordinator analyst architect validator architect po validator');
    }
  });

  it('sends the same bytes in every run', async () => {
    const answers = [json(briefAnswer), json(draftAnswer), json(badDesign), json(designAnswer), json(approval)];
    script.answer(...answers);
    await talk(new MemoryRun({ cascadeId: 'one' }));
    await redis.flushall();
    script.answer(...answers);
    await talk(new MemoryRun({ cascadeId: 'two' }));
    expect(script.requests.slice(5).map((request) => request.prompt)).toEqual(script.requests.slice(0, 5).map((request) => request.prompt));
  });
});

describe('what an answer must keep to', () => {
  it('numbers from 1, in order', () => {
    const [first] = draftAnswer.stories;
    expect(numberingProblems(draftAnswer)).toEqual([]);
    expect(numberingProblems({ stories: first === undefined ? [] : [{ ...first, criteria: [...first.criteria].reverse() }] })).toEqual(['stories[1].criteria: "id" must be 1 to 2 in order']);
  });

  it('one plan per story', () => {
    expect(entryProblems(designAnswer, [{ number: 1 }, { number: 2 }])).toEqual([]);
    expect(entryProblems({ stories: [] }, [{ number: 1 }])).toHaveLength(1);
  });

  it('a verdict that does not contradict itself', () => {
    const verdict = (change: object): string[] => verdictProblems({ verdict: 'approve', changes: [], stories: [{ number: 1, verdict: 'approve', reason: 'r' }], ...change }, 1);
    expect(verdict({})).toEqual([]);
    expect(verdict({ stories: [] })).toHaveLength(1);
    expect(verdict({ stories: [{ number: 1, verdict: 'revise', reason: 'r' }] })).toHaveLength(1);
    expect(verdict({ changes: ['x'] })).toHaveLength(1);
    expect(verdict({ verdict: 'revise' })).toHaveLength(1);
  });
});
