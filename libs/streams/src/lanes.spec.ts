import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { priorities, publication, retryable, streamKeys, type EventOf, type Outcome, type Priority } from '@cascade/messages';
import { startTestRedis, type TestRedis } from '@cascade/testing';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { DeadLetters } from './dead-letters.js';
import { EntryReader } from './entry-reader.js';
import { EventPublisher } from './event-publisher.js';
import { OnEvent } from './on-event.js';
import { outcome } from './outcome.js';
import { ServiceStreams, USUAL_LANE } from './service-streams.js';
import { workDone, workGiven } from './testing/definitions.js';
import { entriesOf, startTestService, until, whenNothingPending, type TestService } from './testing/test-service.js';

let fails = (_n: number): boolean => false;
let handled: number[] = [];
let opened: Promise<void> = Promise.resolve();

@Controller()
class Handlers {
  @OnEvent(workGiven)
  async work({ data }: EventOf<typeof workGiven>): Promise<Outcome> {
    handled.push(data.n);
    await opened;
    if (fails(data.n)) throw retryable('CASC_TEST_BUSY', 'not now');
    return outcome({ publish: [publication(workDone, { n: data.n })] });
  }
}

describe('lanes', () => {
  let server: TestRedis;
  let redis: Redis;
  let publisher: EventPublisher;
  let service: TestService | undefined;
  const start = async (options: Parameters<typeof startTestService>[2] = {}): Promise<TestService> => (service = await startTestService(server.url, Handlers, options));

  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url, { enableAutoPipelining: true });
    publisher = new EventPublisher({ redis: server });
  });
  afterEach(async () => {
    await service?.close();
    service = undefined;
    fails = () => false;
    handled = [];
    opened = Promise.resolve();
    await redis.flushall();
  });
  afterAll(async () => {
    await publisher.close();
    redis.disconnect();
    await server.stop();
  });

  it('are inherited by what a handler publishes, whoever put the event where', async () => {
    await start();
    for (const [n, priority] of priorities.entries()) await publisher.publish(workGiven, { n }, { priority });
    await redis.xadd('stream:work.given', '*', 'type', 'work.given', 'priority', 'HIGH', 'data', '{"n":10}'); // knows no lanes' streams
    await redis.xadd('stream:work.given:low', '*', 'type', 'work.given', 'data', '{"n":11}'); // knows no attribute
    const inLane = async (priority: Priority, count: number): Promise<string[]> => (await entriesOf(redis, streamKeys.stream('work.done', priority), count)).map(({ data, priority: named }) => `${data} ${named}`).toSorted();
    expect(await inLane('CRITICAL', 1)).toEqual(['{"n":0} CRITICAL']);
    expect(await inLane('HIGH', 2)).toEqual(['{"n":10} HIGH', '{"n":1} HIGH']);
    expect(await inLane('NORMAL', 1)).toEqual(['{"n":2} undefined']);
    expect(await inLane('LOW', 2)).toEqual(['{"n":11} LOW', '{"n":3} LOW']);
    expect((await redis.keys('stream:work.given*')).toSorted()).toEqual(['stream:work.given', 'stream:work.given:critical', 'stream:work.given:high', 'stream:work.given:low']);
  });

  it('come before each other, and a priority that does not exist is no event', async () => {
    await redis.xadd('stream:work.given', '*', 'type', 'work.given', 'priority', 'URGENT', 'data', '{"n":9}');
    for (const n of [1, 2]) for (const [lane, priority] of priorities.entries()) await publisher.publish(workGiven, { n: n * 10 + lane }, { priority });
    await start({ concurrency: 4 });
    await until(() => handled.length === 8);
    expect(handled.slice(0, 4).toSorted((a, b) => a - b)).toEqual([10, 11, 20, 21]); // CRITICAL and HIGH
    await entriesOf(redis, 'dead:test', 1);
  });

  it('stay with an event through its retries, its dead letter and its second life', async () => {
    fails = () => true;
    await start({ retryDelays: { default: [1] } });
    await publisher.publish(workGiven, { n: 1 }, { priority: 'HIGH', cascadeId: 'nobody' });
    await entriesOf(redis, 'dead:test', 1);
    expect(await redis.xlen('retries:test:high')).toBe(1);
    fails = () => false;
    const letters = new DeadLetters(redis);
    await letters.retry('test', (await letters.list('test'))[0]!.id);
    await entriesOf(redis, 'stream:work.done:high', 1);
    expect(await redis.xlen('retries:test:high')).toBe(2);
    await whenNothingPending(redis, 'retries:test:high');
  });

  it('are taken over when their consumer is gone', async () => {
    await publisher.publish(workGiven, { n: 1 }, { priority: 'LOW' });
    await redis.xgroup('CREATE', 'stream:work.given:low', 'test', '0');
    const reply = await redis.xreadgroup('GROUP', 'test', 'gone', 'STREAMS', 'stream:work.given:low', '>');
    await redis.xclaim('stream:work.given:low', 'test', 'gone', 0, reply![0]![1][0]![0], 'IDLE', 60_000, 'JUSTID');
    await start();
    expect(await entriesOf(redis, 'stream:work.done:low', 1)).toMatchObject([{ data: '{"n":1}' }]);
    await service!.server.trim(); // with lanes that nobody has used
  });

  it('let none wait longer than 24 reads, whatever the others hold', async () => {
    const streams = new ServiceStreams('test', ['work.given'], []);
    const pool = { lanes: streams.eventLanes, usualLane: USUAL_LANE, slots: 1, handle: async () => 'done' as const };
    await fc.assert(fc.asyncProperty(fc.array(fc.nat({ max: 30 }), { minLength: 4, maxLength: 4 }), fc.integer({ min: 1, max: 4 }), async (backlog, count) => {
      await redis.flushall();
      await redis.xgroup('CREATE', 'stream:work.given', 'test', '0', 'MKSTREAM');
      await redis.xgroup('CREATE', 'retries:test', 'test', '0', 'MKSTREAM');
      const waiting = Object.fromEntries(priorities.map((priority, lane) => [streamKeys.stream('work.given', priority), backlog[lane]!]));
      for (const [stream, entries] of Object.entries(waiting)) await Promise.all(Array.from({ length: entries }, () => redis.xadd(stream, '*', 'n', '1')));
      const reader = new EntryReader({ redis, waiter: redis, pools: [pool], group: 'test', consumer: 'c' });
      const since = Object.fromEntries(Object.keys(waiting).map((stream) => [stream, 0]));
      for (let read = 1, left = -1; left !== 0; read += 1) {
        const taken = await reader.takeNew([count]);
        expect(taken.length).toBe(Math.min(count, Object.values(waiting).reduce((a, b) => a + b)));
        for (const { stream } of taken) {
          waiting[stream]! -= 1;
          since[stream] = read;
        }
        for (const [stream, entries] of Object.entries(waiting)) if (entries > 0) expect(read - since[stream]!).toBeLessThanOrEqual(24);
        left = taken.length;
      }
      expect(Object.values(waiting)).toEqual([0, 0, 0, 0]);
    }), { numRuns: 15 });
  });

  it('lose no entry to trimming that a service has not seen, though it never met the lane', async () => {
    await redis.xgroup('CREATE', 'stream:work.given', 'away', '0', 'MKSTREAM'); // has run before, and does not now
    await Promise.all(Array.from({ length: 300 }, (_, n) => publisher.publish(workGiven, { n }, { priority: 'HIGH' })));
    await start({ retentionMs: 0 });
    await entriesOf(redis, 'stream:work.done:high', 300);
    await service!.server.trim();
    expect(await redis.xlen('stream:work.given:high')).toBe(300);
    const reply = await redis.xreadgroup('GROUP', 'away', 'c', 'STREAMS', 'stream:work.given:high', '>');
    expect(reply?.[0]?.[1]).toHaveLength(300);
    await redis.xack('stream:work.given:high', 'away', ...reply![0]![1].map(([id]) => id));
    await service!.server.trim();
    expect(await redis.xlen('stream:work.given:high')).toBeLessThan(300);
  });
});
