import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cascadeRequested, redisKeys, type DataOf, type EventOf, type Outcome } from '@cascade/contracts';
import { startTestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { Cascades } from './cascades.js';
import { MAX_WAITING_MS } from './deadline-pause.js';
import { Questions } from './questions.js';

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;
let cascades: Cascades;
let questions: Questions;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  cascades = new Cascades(redis);
  questions = new Questions(redis);
});
beforeEach(() => redis.flushall());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const hour = 3_600_000;
const start = Date.parse('2026-01-02T03:00:00.000Z');
const iso = (ms: number): string => new Date(ms).toISOString();
const accept = (data: Partial<DataOf<typeof cascadeRequested>> = {}): Promise<unknown> => cascades.accept({
  id: 'c1', type: 'cascade.requested', source: 'urn:test', time: iso(start), cascadeId: 'c1', dataschema: cascadeRequested.dataschema,
  data: { request: 'Add a thing', repository: '/srv/shop', ...data },
} as EventOf<typeof cascadeRequested>);
const entry = (n: number): Record<string, string> => ({ type: 'stories.approved', data: String(n) });

/** What the transport's commit does with an outcome, except that nothing is acknowledged. */
async function commit(outcome: Outcome): Promise<boolean> {
  const { expect: expected, save } = outcome;
  if (expected !== undefined && (await redis.hget(expected.key, expected.field) ?? '') !== expected.value) return false;
  for (const write of save) {
    await redis.hset(write.key, write.fields);
    if (write.scoreIn !== undefined) await redis.zadd(write.scoreIn.key, write.scoreIn.score, write.scoreIn.member);
  }
  return true;
}
const ask = async (name: string, now = start, n = 1): Promise<boolean> =>
  commit(await questions.ask('c1', { name, text: `${name}?`, service: 'agent-10-specs', eventId: `e${n}`, entry: entry(n) }, now));
const wentOn = async (): Promise<string[]> => (await redis.xrange(redisKeys.retries('agent-10-specs'), '-', '+')).map(([, fields]) => fields.at(-1) ?? '');

describe('a question', () => {
  it('makes the cascade wait, and its answer gives the parked event back to the service that asked', async () => {
    await accept();
    await ask('which');
    expect(await cascades.find('c1')).toMatchObject({ state: 'waiting', questions: [{ name: 'which', text: 'which?' }] });
    expect(await questions.answer('c1', 'which', 'the first')).toBe('answered');
    expect(await wentOn()).toEqual(['1']);
    expect(await redis.hgetall(redisKeys.answers('c1'))).toEqual({ which: 'the first' });
    expect(await cascades.find('c1')).toMatchObject({ state: 'running', questions: [] });
    expect((await redis.xrange(redisKeys.timeline('c1'), '-', '+')).at(-1)?.[1]).toContain('{"kind":"notice","text":"which: the first"}');
  });

  it('takes the first of many answers, and the same answer again as nothing new', async () => {
    await accept();
    await ask('which');
    const results = await Promise.allSettled(['a', 'b', 'a', 'b'].map((answer) => questions.answer('c1', 'which', answer)));
    const said = results.map((result) => (result.status === 'fulfilled' ? result.value : (result.reason as { code: string }).code)).sort();
    expect(said).toEqual(['CASC_QUESTION_ANSWERED', 'CASC_QUESTION_ANSWERED', 'answered', 'repeated']);
    expect(await wentOn()).toHaveLength(1);
  });

  it('that nobody asked, or of a cascade that is unknown or has ended, is an error with a code', async () => {
    await accept();
    await expect(questions.answer('c1', 'q', 'yes')).rejects.toMatchObject({ code: 'CASC_QUESTION_UNKNOWN', advice: expect.stringContaining('cascade status c1') });
    await expect(questions.answer('c2', 'q', 'yes')).rejects.toMatchObject({ code: 'CASC_CASCADE_UNKNOWN' });
    await ask('q');
    await cascades.cancel('c1', 'no');
    await expect(questions.answer('c1', 'q', 'yes')).rejects.toMatchObject({ code: 'CASC_CASCADE_ENDED', message: expect.stringContaining('cancelled') });
    expect(await wentOn()).toEqual([]);
    expect((await cascades.find('c1'))?.questions).toEqual([]);
  });

  it('is not asked again by a second delivery after it was answered', async () => {
    await accept();
    const late = await questions.ask('c1', { name: 'which', text: 'which?', service: 'agent-10-specs', eventId: 'e2', entry: entry(2) }, start);
    await ask('which');
    await questions.answer('c1', 'which', 'a');
    expect(await commit(late)).toBe(false);
    expect(await cascades.find('c1')).toMatchObject({ state: 'running' });
  });

  it('that several events ask under one name is answered once, and lets all of them go on', async () => {
    await accept();
    await ask('which', start, 1);
    await ask('which', start, 2);
    await ask('which', start, 2); // a copy of the event
    await ask('which else', start, 3);
    expect(await questions.answer('c1', 'which', 'a')).toBe('answered');
    expect((await wentOn()).sort()).toEqual(['1', '2']);
    expect(await cascades.find('c1')).toMatchObject({ state: 'waiting', questions: [{ name: 'which else' }] });
    expect(await questions.answer('c1', 'which', 'a')).toBe('repeated');
    expect(await questions.answer('c1', 'which else', 'b')).toBe('answered');
    expect(await cascades.find('c1')).toMatchObject({ state: 'running' });
  });

  it('may stand beside another one: the cascade runs again when both are answered, in any order', async () => {
    await accept();
    await ask('one', start, 1);
    await ask('two', start, 2);
    await questions.answer('c1', 'two', 'b');
    expect(await cascades.find('c1')).toMatchObject({ state: 'waiting', questions: [{ name: 'one' }] });
    await questions.answer('c1', 'one', 'a');
    expect(await cascades.find('c1')).toMatchObject({ state: 'running' });
    expect(await wentOn()).toEqual(['2', '1']);
  });
});

describe('the deadline while a person is asked', () => {
  it('stands still from the first question to the last answer', async () => {
    await accept({ deadlineMinutes: 60 });
    await ask('one', start + 40 * 60_000);
    expect(await cascades.find('c1')).toMatchObject({ deadline: iso(start + 40 * 60_000 + MAX_WAITING_MS), deadlineLeftMs: 20 * 60_000 });
    expect(await cascades.due(start + 20 * 24 * hour)).toEqual([]);
    await ask('two', start + 5 * hour);
    await questions.answer('c1', 'one', 'a', start + 50 * hour);
    expect(await cascades.find('c1')).toMatchObject({ state: 'waiting', deadlineLeftMs: 20 * 60_000 });
    await questions.answer('c1', 'two', 'b', start + 60 * hour);
    expect(await cascades.find('c1')).toMatchObject({ deadline: iso(start + 60 * hour + 20 * 60_000), deadlineLeftMs: undefined });
    expect(await cascades.due(start + 60 * hour + 20 * 60_000)).toEqual(['c1']);
  });

  it('does not wait for ever', async () => {
    await accept();
    await ask('one', start);
    expect(await cascades.due(start + MAX_WAITING_MS)).toEqual(['c1']);
  });

  it('that passes says what nobody answered', async () => {
    await accept({ deadlineWhileWaiting: 'run' });
    await ask('one', start);
    expect(await cascades.timeOut('c1', iso(start + hour))).toBe('ended');
    expect(await cascades.find('c1')).toMatchObject({ state: 'timed_out', questions: [], problem: { code: 'CASC_DEADLINE_PASSED', message: expect.stringContaining('nobody had answered: one') } });
  });

  it('runs on when the request says so', async () => {
    await accept({ deadlineWhileWaiting: 'run' });
    await ask('one', start);
    expect(await cascades.find('c1')).toMatchObject({ state: 'waiting', deadline: iso(start + hour), deadlineLeftMs: undefined });
    await questions.answer('c1', 'one', 'a', start + 1);
    expect(await cascades.due(start + hour)).toEqual(['c1']);
  });

  it('is right whoever asks and answers at the same time', async () => {
    await accept();
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    await Promise.all(names.map((name, n) => ask(name, start, n)));
    await Promise.all(names.map((name) => questions.answer('c1', name, 'yes', start + hour)));
    expect(await cascades.find('c1')).toMatchObject({ state: 'running', deadline: iso(start + 2 * hour), questions: [] });
    expect((await wentOn()).sort()).toEqual(['0', '1', '2', '3', '4', '5']);
  });
});
