import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { deriveEventId, publication, retryable, timeOfEventId, type EventOf, type Outcome } from '@cascade/messages';
import { startTestRedis, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { MAX_DEAD_LETTERS } from './dead-letter.js';
import { DeadLetters } from './dead-letters.js';
import { EventPublisher } from './event-publisher.js';
import { OnEvent } from './on-event.js';
import { outcome } from './outcome.js';
import { add, workDone, workGiven } from './testing/definitions.js';
import { entriesOf, startTestService, whenNothingPending, type TestService } from './testing/test-service.js';

let isBroken = true;

@Controller()
class Handlers {
  @OnEvent(workGiven)
  async work({ data }: EventOf<typeof workGiven>): Promise<Outcome> {
    if (isBroken) throw retryable('CASC_TEST_BUSY', `not now: ${'x'.repeat(1_000)}`);
    return outcome({ publish: [publication(workDone, { n: data.n })] });
  }
}

describe('DeadLetters', () => {
  let server: TestRedis;
  let redis: Redis;
  let publisher: EventPublisher;
  let letters: DeadLetters;
  let service: TestService | undefined;

  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
    publisher = new EventPublisher({ redis: server });
    letters = new DeadLetters(redis, ({ cascadeId }) => ({ key: `cascade:${cascadeId}`, field: 'state', values: ['failed'] }));
  });
  afterEach(async () => {
    await service?.close();
    service = undefined;
    isBroken = true;
    await redis.flushall();
  });
  afterAll(async () => {
    await publisher.close();
    redis.disconnect();
    await server.stop();
  });
  const start = async (): Promise<TestService> => (service = await startTestService(server.url, Handlers, { retryDelays: { default: [1, 1] } }));

  it('tell every attempt, and deliver an event once more with the id that it had', async () => {
    await start();
    const { id } = await publisher.publish(workGiven, { n: 1 }, { cascadeId: 'nobody' });
    await entriesOf(redis, 'dead:test', 1);
    expect(await letters.services()).toEqual(['test']);
    const [letter] = await letters.list('test');
    expect(letter).toMatchObject({ service: 'test', attempts: 3, fields: { id, data: '{"n":1}' }, problem: { code: 'CASC_TEST_BUSY' } });
    expect(letter?.failed).toHaveLength(3);
    for (const { code, message, time } of letter!.failed) {
      expect({ code, length: message.length }).toEqual({ code: 'CASC_TEST_BUSY', length: 500 });
      expect(Date.parse(time)).toBeLessThanOrEqual(Date.parse(letter!.time));
    }
    isBroken = false;
    await letters.retry('test', letter!.id);
    const [done] = await entriesOf(redis, 'stream:work.done', 1);
    expect(done).toMatchObject({ causationid: id, id: deriveEventId(id, timeOfEventId(id), 'test//work.done/0') });
    await expect(letters.retry('test', letter!.id)).rejects.toMatchObject({ code: 'CASC_DEAD_LETTER_UNKNOWN' });
    expect((await redis.xrange('retries:test', '-', '+')).at(-1)![1].join(' ')).toContain(`cascaderetryof dead:test/${letter!.id}`);
    await whenNothingPending(redis, 'retries:test');
    expect(await redis.xlen('stream:work.done')).toBe(1);
    expect(await redis.xlen('stream:work.given')).toBe(1); // other services on this stream do not see it again
  });

  it('come back with the attempts of both lives when it fails again', async () => {
    await start();
    await publisher.publish(workGiven, { n: 1 }, { cascadeId: 'nobody' });
    await entriesOf(redis, 'dead:test', 1);
    await letters.retry('test', (await letters.list('test'))[0]!.id);
    await entriesOf(redis, 'dead:test', 1);
    expect((await letters.list('test'))[0]).toMatchObject({ attempts: 3, failed: { length: 6 } });
  });

  it('are retried once, however many ask at the same time', async () => {
    await redis.xadd('dead:test', '1-1', 'service', 'test', 'entry', JSON.stringify({ type: 'work.given', data: '{"n":1}' }), 'stream', 'stream:work.given', 'entry_id', '5-0', 'problem', '{}');
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => letters.retry('test', '1-1')));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const retried = await redis.xrange('retries:test', '-', '+');
    expect(retried.map(([, flat]) => flat)).toEqual([['type', 'work.given', 'data', '{"n":1}', 'id', deriveEventId('stream:work.given', 5, '5-0'), 'cascaderetryof', 'dead:test/1-1']]);
  });

  it('are not delivered again when their cascade has ended, and stay', async () => {
    await start();
    await publisher.publish(workGiven, { n: 1 }, { cascadeId: 'c1' });
    await entriesOf(redis, 'stream:cascade.failed', 1);
    const [letter] = await letters.list('test');
    await expect(letters.retry('test', letter!.id)).rejects.toMatchObject({ code: 'CASC_DEAD_LETTER_CASCADE_ENDED', message: expect.stringContaining('Cascade c1 has ended (failed)') });
    expect(await letters.drop('test', letter!.id)).toBe(true);
    expect(await letters.drop('test', letter!.id)).toBe(false);
    expect(await letters.list('test')).toEqual([]);
  });

  it('end the cascade that an unreadable entry names', async () => {
    await start();
    await redis.xadd('stream:work.given', '*', 'type', 'work.given', 'correlationid', 'c1', 'data', '{"n":"one"}');
    const [failed] = await entriesOf(redis, 'stream:cascade.failed', 1);
    expect(failed).toMatchObject({ correlationid: 'c1', data: expect.stringContaining('CASC_EVENT_INVALID') });
    expect(await redis.hget('cascade:c1', 'code')).toBe('CASC_EVENT_INVALID');
    expect(await redis.xlen('dead:test')).toBe(1);
  });

  it('keep only the beginning of an entry that is longer than any event', async () => {
    await start();
    await redis.xadd('stream:work.given', '*', 'type', 'work.given', 'data', 'x'.repeat(16 * 1024 * 1024));
    await redis.xadd('stream:work.given', '*', 'type', 'work.given', 'data', '{"n":1}', ...Array.from({ length: 400 }, (_, index) => `f${index}`));
    await entriesOf(redis, 'dead:test', 2);
    const [long, wide] = await letters.list('test');
    expect([long!.cut, wide!.cut]).toEqual([true, true]);
    expect(JSON.stringify(long).length).toBeLessThan(3_000);
    expect(wide!.problem.findings).toEqual(['has 202 fields; the limit is 64']);
    await expect(letters.retry('test', long!.id)).rejects.toMatchObject({ code: 'CASC_DEAD_LETTER_FINAL' });
  });

  it('are listed by code and found by id, page after page', async () => {
    const pipeline = redis.pipeline();
    for (let n = 1; n <= 120; n += 1) pipeline.xadd('dead:test', `${n}-0`, 'service', 'test', 'entry', '{}', 'problem', JSON.stringify({ code: n % 3 === 0 ? 'CASC_A' : 'CASC_B' }));
    await pipeline.exec();
    expect(await letters.list('test')).toHaveLength(120);
    expect((await letters.list('test', { code: 'CASC_A', limit: 30 })).map(({ id }) => id)).toEqual(Array.from({ length: 30 }, (_, index) => `${(index + 1) * 3}-0`));
    expect((await letters.find('test', '7-0'))?.id).toBe('7-0');
    for (const id of ['8888-0', '', '-', '+', 'x', '1-0 COUNT']) expect(await letters.find('test', id)).toBeUndefined();
  });

  it('of commands are final: the caller has had the answer', async () => {
    await redis.xadd('dead:test', '1-1', 'service', 'test', 'entry', JSON.stringify({ type: add.type, cascadekey: 'k' }), 'problem', '{}');
    await expect(letters.retry('test', '1-1')).rejects.toMatchObject({ code: 'CASC_DEAD_LETTER_FINAL' });
  });

  it('are bounded: the oldest go', async () => {
    const pipeline = redis.pipeline();
    for (let n = 1; n <= MAX_DEAD_LETTERS + 3; n += 1) pipeline.xadd('dead:test', `${n}-0`, 'n', '1');
    await pipeline.exec();
    const { server: strategy } = await start();
    await strategy.trim();
    expect([await redis.xlen('dead:test'), (await redis.xrange('dead:test', '-', '+', 'COUNT', 1))[0]![0]]).toEqual([MAX_DEAD_LETTERS, '4-0']);
  });
});
