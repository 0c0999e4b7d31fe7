import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { deriveEventId, needsInput, publication, redisKeys, retryable, terminal, timeOfEventId, type EventOf, type Outcome, type Run } from '@cascade/contracts';
import { startTestRedis, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { parseDeadLetter } from './dead-letter.js';
import { EventPublisher } from './event-publisher.js';
import { OnEvent } from './on-event.js';
import { outcome } from './outcome.js';
import { otherGiven, workDone, workGiven } from './testing/definitions.js';
import { entriesOf, startTestService, until, whenNothingPending, type TestService } from './testing/test-service.js';

/** What the handlers do is decided by each test. */
let handle: (event: EventOf<typeof workGiven>, run: Run) => Promise<Outcome>;
const done = (n: number): Outcome => outcome({ save: [{ key: `result-${n}`, fields: { n: String(n) }, indexIn: 'results' }], publish: [publication(workDone, { n })] });

@Controller()
class Handlers {
  @OnEvent(workGiven)
  async work(event: EventOf<typeof workGiven>, run: Run): Promise<Outcome> {
    return handle(event, run);
  }

  @OnEvent(otherGiven)
  async other(event: EventOf<typeof otherGiven>): Promise<Outcome> {
    return done(event.data.n);
  }
}

describe('hand-off', () => {
  let server: TestRedis;
  let redis: Redis;
  let publisher: EventPublisher;
  let service: TestService | undefined;

  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
    publisher = new EventPublisher({ redis: server });
  });
  afterEach(async () => {
    await service?.close();
    service = undefined;
    await redis.flushall();
  });
  afterAll(async () => {
    await publisher.close();
    redis.disconnect();
    await server.stop();
  });

  it('commits what a handler saves and publishes together with the acknowledgement', async () => {
    handle = async (event) => done(event.data.n);
    service = await startTestService(server.url, Handlers);
    const cause = await publisher.publish(workGiven, { n: 1 }, { cascadeId: 'c1', expiryTime: '2030-01-01T00:00:00.000Z', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });
    const [published] = await entriesOf(redis, 'stream:work.done', 1);
    expect(published).toMatchObject({
      id: deriveEventId(cause.id, timeOfEventId(cause.id), 'test//work.done/0'), type: 'work.done', source: 'urn:cascade:test', correlationid: 'c1', causationid: cause.id,
      expirytime: '2030-01-01T00:00:00.000Z', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', data: '{"n":1}',
    });
    expect(await redis.hgetall('result-1')).toEqual({ n: '1' });
    expect(await redis.smembers('results')).toEqual(['result-1']);
    await whenNothingPending(redis, 'stream:work.given');
  });

  it('handles what was published before the service ran for the first time, and bare entries of any Redis client', async () => {
    handle = async (event) => done(event.data.n);
    await redis.xadd('stream:work.given', '*', 'type', 'work.given', 'data', '{"n":7}');
    service = await startTestService(server.url, Handlers);
    const [published] = await entriesOf(redis, 'stream:work.done', 1);
    expect(published?.['data']).toBe('{"n":7}');
  });

  it('tries a retryable error again after its delays, then writes a dead letter and fails the cascade', async () => {
    const attempts: string[] = [];
    handle = async (event) => {
      attempts.push(event.id);
      throw retryable('CASC_TEST_BUSY', 'not now');
    };
    service = await startTestService(server.url, Handlers, { retryDelays: { default: [9_999_999], CASC_TEST_BUSY: [10, 20] } });
    const { id } = await publisher.publish(workGiven, { n: 1 }, { cascadeId: 'c1' });
    const [letter] = await entriesOf(redis, 'dead:test', 1);
    expect(attempts).toEqual([id, id, id]);
    expect(parseDeadLetter(letter!)).toMatchObject({ stream: 'retries:test', attempts: 3, problem: { code: 'CASC_TEST_BUSY', message: 'not now; tried 3 times.' }, fields: { id, type: 'work.given', data: '{"n":1}' } });
    expect((await entriesOf(redis, 'stream:cascade.failed', 1))[0]).toMatchObject({ correlationid: 'c1', causationid: id });
    expect(await redis.hget('cascade:c1', 'code')).toBe('CASC_TEST_BUSY');
    expect(await redis.zcard(redisKeys.delayed('test'))).toBe(0);
  });

  it('takes an error that it does not know for a defect and retries it', async () => {
    let calls = 0;
    handle = async (event) => {
      calls += 1;
      if (calls === 1) throw new TypeError('undefined is not a function');
      return done(event.data.n);
    };
    service = await startTestService(server.url, Handlers, { retryDelays: { default: [1] } });
    await publisher.publish(workGiven, { n: 1 });
    await entriesOf(redis, 'stream:work.done', 1);
    expect(calls).toBe(2);
  });

  it('ends the cascade at once on a terminal error', async () => {
    handle = async () => { throw terminal('CASC_TEST_WRONG', 'cannot work'); };
    service = await startTestService(server.url, Handlers);
    await publisher.publish(workGiven, { n: 1 }, { cascadeId: 'c1' });
    await entriesOf(redis, 'stream:cascade.failed', 1);
    await whenNothingPending(redis, 'stream:work.given');
    expect(await redis.hget('cascade:c1', 'state')).toBe('failed');
    expect(await redis.exists('dead:test')).toBe(0);
  });

  it('keeps an event in the dead letters when no cascade fails by its terminal error', async () => {
    handle = async () => { throw terminal('CASC_TEST_WRONG', 'cannot work'); };
    service = await startTestService(server.url, Handlers);
    const { id } = await publisher.publish(workGiven, { n: 1 }, { cascadeId: 'nobody' });
    const [letter] = await entriesOf(redis, 'dead:test', 1);
    expect(parseDeadLetter(letter!)).toMatchObject({ stream: 'stream:work.given', attempts: 1, problem: { code: 'CASC_TEST_WRONG' }, fields: { id } });
    await whenNothingPending(redis, 'stream:work.given');
    expect(await redis.exists('stream:cascade.failed')).toBe(0);
  });

  it('hands a question to the run source with an entry that can be delivered again', async () => {
    let answered = false;
    handle = async (event) => {
      if (!answered) throw needsInput('CASC_INPUT_NEEDED', 'Which one?');
      return done(event.data.n);
    };
    service = await startTestService(server.url, Handlers);
    const { id } = await publisher.publish(workGiven, { n: 1 }, { cascadeId: 'c1' });
    const [question] = await entriesOf(redis, 'stream:input.requested', 1);
    answered = true;
    const fields = JSON.parse((await redis.hget('cascade:c1', 'entry'))!) as Record<string, string>;
    await redis.xadd('retries:test', '*', ...Object.entries(fields).flat());
    const [result] = await entriesOf(redis, 'stream:work.done', 1);
    expect(result?.['causationid']).toBe(id);
    expect(result?.['id']).not.toBe(question?.['id']);
  });

  it('runs a handler again when the state that it expected has changed', async () => {
    const seen: string[] = [];
    await redis.hset('graph', 'version', '1');
    handle = async (event) => {
      const version = (await redis.hget('graph', 'version'))!;
      seen.push(version);
      if (version === '1') await redis.hset('graph', 'version', '2'); // somebody else was faster
      return outcome({ save: [{ key: 'graph', fields: { version: '3', by: event.id } }], publish: [publication(workDone, { n: 1 })], expect: { key: 'graph', field: 'version', value: version } });
    };
    service = await startTestService(server.url, Handlers);
    const { id } = await publisher.publish(workGiven, { n: 1 });
    await entriesOf(redis, 'stream:work.done', 1);
    expect(seen).toEqual(['1', '2']);
    expect(await redis.hgetall('graph')).toEqual({ version: '3', by: id });
    expect(await redis.xlen('stream:work.done')).toBe(1);
  });

  it('publishes nothing for a cascade that ended while its handler ran', async () => {
    handle = async (event) => {
      await redis.hset(redisKeys.cascade(event.cascadeId), 'state', 'cancelled');
      return done(1);
    };
    service = await startTestService(server.url, Handlers);
    await publisher.publish(workGiven, { n: 1 });
    await until(() => service!.runs.closed === 1);
    await whenNothingPending(redis, 'stream:work.given');
    expect(await redis.exists('stream:work.done', 'result-1')).toBe(0);
  });

  it('puts entries that are no events into the dead letters without stopping the others', async () => {
    handle = async (event) => done(event.data.n);
    service = await startTestService(server.url, Handlers);
    await redis.xadd('stream:work.given', '*', 'type', 'work.given', 'data', '{"n":"one","text":2}');
    await redis.xadd('stream:work.given', '*', 'nonsense', '1');
    await redis.xadd('retries:test', '*', 'type', 'unknown.type', 'data', '{}');
    await publisher.publish(workGiven, { n: 1 });
    await publisher.publish(otherGiven, { n: 2 });
    await entriesOf(redis, 'stream:work.done', 2);
    const letters = (await entriesOf(redis, 'dead:test', 3)).map(parseDeadLetter);
    const first = letters.find((letter) => letter.fields['data']?.includes('one'));
    expect(letters.map((letter) => letter.problem.code)).toEqual(['CASC_EVENT_INVALID', 'CASC_EVENT_INVALID', 'CASC_EVENT_INVALID']);
    expect(first?.problem.findings).toEqual([expect.stringMatching(/^data\.n: /), expect.stringMatching(/^data\.text: /)]);
    await whenNothingPending(redis, 'stream:work.given');
  });

  it('ends an event whose outcome can never be stored', async () => {
    await redis.set('result-1', 'not a hash');
    handle = async () => done(1);
    service = await startTestService(server.url, Handlers);
    await publisher.publish(workGiven, { n: 1 }, { cascadeId: 'c1' });
    await entriesOf(redis, 'stream:cascade.failed', 1);
    expect(await redis.hget('cascade:c1', 'code')).toBe('CASC_COMMIT_REFUSED');
    expect(await redis.exists('stream:work.done')).toBe(0);
  });
});
