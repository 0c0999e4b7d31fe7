import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { publication, retryable, terminal, cancelled, type EventOf, type Outcome } from '@cascade/contracts';
import { startTestRedis, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { Claims } from './claims.js';
import { EventPublisher } from './event-publisher.js';
import { OnEvent } from './on-event.js';
import { outcome } from './outcome.js';
import { workDone, workGiven } from './testing/definitions.js';
import { startTestService, until, whenNothingPending, type TestService } from './testing/test-service.js';

let end: PromiseWithResolvers<Outcome>;
let begun: PromiseWithResolvers<void>;

@Controller()
class Handlers {
  @OnEvent(workGiven)
  async work(_event: EventOf<typeof workGiven>): Promise<Outcome> {
    begun.resolve();
    return end.promise;
  }
}

describe('an entry that another consumer took over while this one was frozen', () => {
  let server: TestRedis;
  let redis: Redis;
  let publisher: EventPublisher;
  let service: TestService;
  const stream = 'stream:work.given';
  const pending = async (): Promise<[string, string, number, number][]> => (await redis.xpending(stream, 'test', '-', '+', 10)) as [string, string, number, number][];

  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
    publisher = new EventPublisher({ redis: server });
  });
  afterEach(async () => {
    await service.close();
    await redis.flushall();
  });
  afterAll(async () => {
    await publisher.close();
    redis.disconnect();
    await server.stop();
  });

  async function takenOver(): Promise<string> {
    [end, begun] = [Promise.withResolvers(), Promise.withResolvers()];
    end.promise.catch(() => undefined);
    service = await startTestService(server.url, Handlers, { claimIdleMs: 600_000 });
    await publisher.publish(workGiven, { n: 1 }, { cascadeId: 'c1' });
    await begun.promise;
    const [[id] = ['']] = await pending();
    await redis.xclaim(stream, 'test', 'other', 0, id, 'JUSTID');
    return id;
  }

  it.each([terminal('CASC_X', 'its workspace is gone'), retryable('CASC_X', 'again'), cancelled('over')])('is not ended by its error ($kind)', async (error) => {
    const id = await takenOver();
    end.reject(error);
    await until(() => service.runs.closed === 1);
    await service.close();
    expect((await pending()).map(([entry, holder]) => [entry, holder])).toEqual([[id, 'other']]);
    expect([(await redis.keys('*')).sort(), await redis.xlen('retries:test')]).toEqual([['retries:test', stream], 0]);
  });

  it('is ended by its result all the same: the first one counts', async () => {
    await takenOver();
    end.resolve(outcome({ publish: [publication(workDone, { n: 1 })] }));
    await whenNothingPending(redis, stream);
    expect(await redis.xlen('stream:work.done')).toBe(1);
  });

  it('is not taken back by a late renewal', async () => {
    const id = await takenOver();
    const claims = new Claims(redis, 'test', 'frozen', 4, () => undefined);
    // In one step: the service reads the same stream.
    const [[, mine]] = (await redis.multi().xadd(stream, '*', 'type', 'x').xreadgroup('GROUP', 'test', 'frozen', 'COUNT', 1, 'STREAMS', stream, '>').exec()) as [[null, string], unknown];
    await redis.xclaim(stream, 'test', 'frozen', 0, mine, 'IDLE', 3_600_000, 'JUSTID');
    for (const held of [id, mine]) claims.hold({ stream, id: held, fields: {}, deliveries: 1 }, () => end.promise.then(() => undefined));
    await claims.renew();
    const [other, own] = await pending();
    expect([other?.slice(0, 2), own?.slice(0, 2), own![2] < 3_600_000]).toEqual([[id, 'other'], [mine, 'frozen'], true]);
    end.resolve(outcome({}));
    await claims.whenEmpty();
  });
});
