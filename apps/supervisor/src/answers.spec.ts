import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { cascadeRequested, inputGiven, inputRequested, redisKeys, type EventOf, type Outcome, type Run } from '@cascade/contracts';
import { HostConfig, startService, type RunningService } from '@cascade/service-host';
import { Cascades } from '@cascade/state';
import { OnEvent, parseDeadLetter, type DeadLetter } from '@cascade/streams';
import { startTestRedis, untilTrue } from '@cascade/testing';
import { assert, asyncProperty, dictionary, oneof, record, string, constantFrom, integer, json } from 'fast-check';
import { Redis } from 'ioredis';
import { service as supervisor } from './index.js';

const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };
const SEEN_MS = 60_000;
/** What the tier below did, in order: `<cascade> <what>`. */
const log: string[] = [];

/** Stands where a tier stands: does a step, asks what its request says (names, separated by blanks), and says what it was told. */
@Controller()
class AskingHandlers {
  constructor(private readonly cascades: Cascades) {}

  @OnEvent(cascadeRequested)
  async work(event: EventOf<typeof cascadeRequested>, run: Run): Promise<Outcome> {
    await this.cascades.accept(event);
    await run.step('before', async () => log.push(`${run.cascadeId} paid`));
    const names = event.data.request === 'ask nobody' ? [] : event.data.request.split(' ');
    for (const name of names) {
      const answer = await run.ask(name, `What is ${name}?`);
      await run.step(`after ${name}`, async () => log.push(`${run.cascadeId} ${name}=${answer}`));
    }
    log.push(`${run.cascadeId} done`);
    return { save: [], publish: [] };
  }
}
@Module({ controllers: [AskingHandlers] })
class AskingModule {}
const asking = { name: 'agent-10-specs', module: AskingModule };

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;
let cascades: Cascades;
let config: HostConfig;
let running: RunningService[];

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  cascades = new Cascades(redis);
  config = new HostConfig(server.url, '/nowhere', '/nowhere', 1, 5000, undefined); // one slot: who waits must not hold it
});
beforeEach(async () => {
  await redis.flushall();
  log.length = 0;
  running = await Promise.all([startService(supervisor, config, silent), startService(asking, config, silent)]);
});
afterEach(() => Promise.all(running.map((one) => one.stop())));
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const request = (id: string, words: string): Promise<unknown> =>
  redis.xadd(redisKeys.stream(cascadeRequested.type), '*', 'type', cascadeRequested.type, 'correlationid', id, 'data', JSON.stringify({ request: words, repository: '/srv/shop' }));
/** As any Redis client answers. */
const give = (id: string, name: string, answer: string): Promise<unknown> =>
  redis.xadd(redisKeys.stream(inputGiven.type), '*', 'type', inputGiven.type, 'correlationid', id, 'data', JSON.stringify({ name, answer }));
const waitsFor = (id: string, ...names: string[]): Promise<void> =>
  untilTrue(async () => (await cascades.find(id))?.questions.map((one) => one.name).join() === names.join(), `${id} to wait for ${names.join()}`, SEEN_MS);
const logged = (line: string): Promise<void> => untilTrue(() => log.includes(line), line, SEEN_MS);
async function letters(): Promise<DeadLetter[]> {
  const rows = await redis.xrange(redisKeys.deadLetters('supervisor'), '-', '+');
  return rows.map(([, flat]) => parseDeadLetter(Object.fromEntries(flat.flatMap((field, at) => (at % 2 === 0 ? [[field, flat[at + 1] ?? '']] : [])))));
}
const lettersOf = async (count: number): Promise<DeadLetter[]> => {
  await untilTrue(async () => (await letters()).length >= count, `${count} dead letters`, SEEN_MS);
  return letters();
};

describe('an answer that any Redis client publishes', () => {
  it('makes the cascade go on exactly where it asked', async () => {
    await request('c1', 'size colour');
    await waitsFor('c1', 'size');
    expect(JSON.parse((await redis.xrange(redisKeys.stream(inputRequested.type), '-', '+'))[0]?.[1].at(-1) ?? '')).toEqual({ name: 'size', question: 'What is size?' });
    await give('c1', 'size', 'XL');
    await waitsFor('c1', 'colour');
    await give('c1', 'colour', 'red');
    await logged('c1 done');
    expect(log).toEqual(['c1 paid', 'c1 size=XL', 'c1 colour=red', 'c1 done']);
    expect(await cascades.find('c1')).toMatchObject({ state: 'running' });
  });

  it('may take its time: other cascades use the only slot meanwhile', async () => {
    await request('c1', 'size');
    await waitsFor('c1', 'size');
    await request('c2', 'ask nobody');
    await logged('c2 done');
    await give('c1', 'size', 'S');
    await logged('c1 done');
    expect(log.filter((line) => line === 'c1 paid')).toHaveLength(1);
  });

  it('reaches a cascade whose services were stopped and started again, whenever it comes', async () => {
    await request('c1', 'size colour');
    await waitsFor('c1', 'size');
    await Promise.all(running.map((one) => one.stop()));
    await give('c1', 'size', 'M');
    running = [await startService(supervisor, config, silent)];
    await untilTrue(async () => (await cascades.find('c1'))?.state === 'running', 'the answer to be taken', SEEN_MS);
    await running[0]?.stop();
    running = await Promise.all([startService(supervisor, config, silent), startService(asking, config, silent)]);
    await waitsFor('c1', 'colour');
    await give('c1', 'colour', 'blue');
    await logged('c1 done');
    expect(log).toEqual(['c1 paid', 'c1 size=M', 'c1 colour=blue', 'c1 done']);
  });

  it('that is repeated changes nothing, one that differs is kept as a dead letter', async () => {
    await request('c1', 'size');
    await waitsFor('c1', 'size');
    for (const answer of ['S', 'S', 'XL', 'S']) await give('c1', 'size', answer);
    await logged('c1 done');
    const [letter] = await lettersOf(1);
    expect(letter).toMatchObject({ problem: { code: 'CASC_QUESTION_ANSWERED' }, fields: { correlationid: 'c1', data: '{"name":"size","answer":"XL"}' } });
    expect(log).toEqual(['c1 paid', 'c1 size=S', 'c1 done']);
  });

  it('that nobody waits for is a dead letter with its reason, and fails no cascade', async () => {
    await request('c1', 'size');
    await waitsFor('c1', 'size');
    await give('c1', 'weight', '3');
    await give('nope', 'size', 'S');
    await redis.xadd(redisKeys.stream(inputGiven.type), '*', 'type', inputGiven.type, 'data', '{"name":"size","answer":"S"}');
    await lettersOf(3);
    await redis.hset(redisKeys.cascade('c1'), 'state', 'cancelled'); // without its event: nobody cleans up here
    await give('c1', 'size', 'S');
    const codes = (await lettersOf(4)).map((letter) => letter.problem.code).sort();
    expect(codes).toEqual(['CASC_CASCADE_ENDED', 'CASC_CASCADE_UNKNOWN', 'CASC_CASCADE_UNKNOWN', 'CASC_QUESTION_UNKNOWN']);
    expect(await cascades.find('c1')).toMatchObject({ state: 'cancelled' });
    expect(await redis.xlen(redisKeys.stream('cascade.failed'))).toBe(0);
  });
});

describe('what is published as an answer', () => {
  const data = oneof(json(), record({ name: oneof(string(), constantFrom('size', '__proto__')), answer: oneof(string({ minLength: 1 }), integer()) }, { requiredKeys: [] }).map((value) => JSON.stringify(value)));
  const wrong = constantFrom('{', 'null', '{"name":"size"}', '{"answer":"S"}', '{"name":"size","answer":""}', '{"name":"weight","answer":"3"}');
  const fields = oneof(
    record({ type: constantFrom('input.given'), data, correlationid: constantFrom('c2', '__proto__', ' ') }),
    record({ type: constantFrom('input.given', 'stories.approved'), data: wrong, correlationid: constantFrom('c1') }, { requiredKeys: ['correlationid'] }),
    record({ type: constantFrom('input.given', 'input.taken', ''), data, correlationid: string(), time: string(), id: string() }, { requiredKeys: ['type'] }),
    dictionary(string({ minLength: 1 }), string(), { minKeys: 1 }),
  );

  it('may be anything: every wrong entry is kept with what is wrong, and the next right one is taken', async () => {
    await request('c1', 'size');
    await waitsFor('c1', 'size');
    let given = 0;
    await assert(asyncProperty(fields, async (entry) => {
      given += 1;
      await redis.xadd(redisKeys.stream(inputGiven.type), '*', ...Object.entries(entry).flat());
    }), { numRuns: 200 });
    const problems = (await lettersOf(given)).map((letter) => letter.problem);
    const unexpected = problems.filter(({ code, findings }) => code !== 'CASC_CASCADE_UNKNOWN' && code !== 'CASC_QUESTION_UNKNOWN' && (code !== 'CASC_EVENT_INVALID' || findings === undefined));
    expect(unexpected).toEqual([]);
    await give('c1', 'size', 'S');
    await logged('c1 done');
    expect(log).toEqual(['c1 paid', 'c1 size=S', 'c1 done']);
  });
});
