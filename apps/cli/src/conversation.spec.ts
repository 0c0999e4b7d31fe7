import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { redisKeys } from '@cascade/contracts';
import { Cascades, type CascadeRecord } from '@cascade/state';
import { startTestRedis, untilTrue, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { Conversation } from './conversation.js';
import { recordedScreen, type RecordedScreen } from './testing/recorded-screen.js';
import { sampleHash, sampleRecord } from './testing/sample-record.js';
import type { View } from './views.js';

const SOON_MS = 60_000;

describe('the conversation about a cascade\'s questions', () => {
  let server: TestRedis;
  let redis: Redis;
  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  /** A person at a keyboard, in front of a view that says when it stands still. */
  function place(ask: boolean, json = false): { screen: RecordedScreen; keys: PassThrough; views: string[]; talk: Conversation } {
    const keys = new PassThrough();
    const views: string[] = [];
    const view: View = {
      line: () => undefined, record: () => undefined, close: async () => undefined,
      pause: async () => void views.push('pause'), resume: async () => void views.push('resume'),
    };
    const screen = { ...recordedScreen(), keyboard: keys as unknown as NodeJS.ReadStream };
    return { screen, keys, views, talk: new Conversation({ redis: { url: server.url }, screen, command: 'cascade', json, ask, view }) };
  }
  const waiting = (id: string, ...names: string[]): CascadeRecord => sampleRecord({ id, state: 'waiting', deadlineLeftMs: 90_000, questions: names.map((name) => ({ name, text: `${name}?` })) });
  async function asked(id: string, ...names: string[]): Promise<CascadeRecord> {
    await redis.hset(redisKeys.cascade(id), sampleHash({ state: 'waiting', deadline_left_ms: '90000', ...Object.fromEntries(names.map((name) => [`question:${name}`, `${name}?`])) }));
    for (const name of names) await redis.hset(redisKeys.parked(id), `${name}\ne1`, JSON.stringify({ service: 'agent-10-specs', fields: { type: 'stories.approved' } }));
    return waiting(id, ...names);
  }
  const answersOf = (id: string): Promise<Record<string, string>> => redis.hgetall(redisKeys.answers(id));
  const told = (screen: RecordedScreen): string => screen.noticeLines.join('\n');

  it('asks one question after the other, and lets the view go on after each', async () => {
    const { screen, keys, views, talk } = place(true);
    talk.update(await asked('c1', 'colour', 'size'));
    keys.write('\nred\n');
    await untilTrue(() => views.length === 2, 'the first answer', SOON_MS);
    talk.update(waiting('c1', 'size'));
    keys.write('XL\n');
    await untilTrue(() => views.length === 4, 'the second answer', SOON_MS);
    expect(await answersOf('c1')).toEqual({ colour: 'red', size: 'XL' });
    expect(await new Cascades(redis).find('c1')).toMatchObject({ state: 'running' });
    expect(told(screen)).toMatch(/waits for you \(deadline paused, 2 min left\)[^]*colour\?[^]*size\?/);
    expect(views).toEqual(['pause', 'resume', 'pause', 'resume']);
    await talk.close();
  });

  it('lets no text of a model steer the terminal', async () => {
    const { screen, talk } = place(true);
    talk.update({ ...waiting('c7', 'colour'), questions: [{ name: 'colour', text: 'red\u001b[2J?' }] });
    await untilTrue(() => told(screen).includes('red'), 'the question', SOON_MS);
    await talk.close();
    expect(told(screen)).toContain('red\\x1b[2J?');
  });

  it('takes a question off the screen when somebody else has answered it', async () => {
    const { screen, views, talk } = place(true);
    talk.update(await asked('c2', 'colour'));
    talk.update(sampleRecord({ id: 'c2' }));
    await untilTrue(() => views.length === 2, 'the view to go on', SOON_MS);
    expect(told(screen)).toContain('needs no answer any more');
    expect(await answersOf('c2')).toEqual({});
    await talk.close();
  });

  it('says how to answer later when the input ends, and does not ask again', async () => {
    const { screen, keys, views, talk } = place(true);
    talk.update(await asked('c3', 'colour'));
    keys.end();
    await untilTrue(() => views.length === 2, 'the view to go on', SOON_MS);
    talk.update(waiting('c3', 'colour'));
    await talk.close();
    expect(told(screen)).toContain('cascade answer c3 colour "<your answer>"');
    expect(views).toHaveLength(2);
  });

  it('reports an answer that is not taken, and goes on', async () => {
    const { screen, keys, views, talk } = place(true);
    talk.update(waiting('c4', 'colour'));
    keys.write('red\n');
    await untilTrue(() => views.length === 2, 'the view to go on', SOON_MS);
    expect(told(screen)).toContain('CASC_CASCADE_UNKNOWN');
    await talk.close();
  });

  it('tells each question once, with the command that answers it, where nobody can be asked', async () => {
    const { screen, views, talk } = place(false);
    for (const record of [waiting('c5', 'colour'), waiting('c5', 'colour'), waiting('c5', 'colour', 'my size')]) talk.update(record);
    await talk.close();
    expect(screen.noticeLines.filter((line) => line.startsWith('Answer:'))).toEqual(['Answer:  cascade answer c5 colour "<your answer>"', 'Answer:  cascade answer c5 \'my size\' "<your answer>"']);
    expect(views).toEqual([]);
  });

  it('tells programs as a line of JSON', async () => {
    const { screen, talk } = place(false, true);
    talk.update(waiting('c6', 'colour'));
    await talk.close();
    expect(screen.dataLines.map((line) => JSON.parse(line))).toMatchObject([{ type: 'waiting', id: 'c6', questions: [{ name: 'colour', text: 'colour?' }], deadlineLeftMs: 90_000 }]);
  });
});
