import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { publication, type EventOf, type Outcome } from '@cascade/messages';
import { startFaultProxy, startTestRedis, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { EventPublisher } from './event-publisher.js';
import { OnEvent } from './on-event.js';
import { outcome } from './outcome.js';
import { workDone, workGiven } from './testing/definitions.js';
import { entriesOf, startTestService, until, whenNothingPending, type TestService } from './testing/test-service.js';

const STREAM = 'stream:work.given';
/** Far beyond any test's limit: nobody waits for a claim to run out. */
const claimIdleMs = 3_600_000;
let opened: Promise<void>;
const begun: number[] = [];

@Controller()
class Handlers {
  @OnEvent(workGiven)
  async work({ data }: EventOf<typeof workGiven>): Promise<Outcome> {
    begun.push(data.n);
    if (data.n === 1) await opened;
    return outcome({ publish: [publication(workDone, { n: data.n })] });
  }
}

describe('an entry whose lease was told to nobody', () => {
  let server: TestRedis;
  let redis: Redis;
  let publisher: EventPublisher;
  let service: TestService | undefined;

  beforeEach(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
    publisher = new EventPublisher({ redis: server });
    opened = Promise.resolve();
    begun.length = 0;
  });
  afterEach(async () => {
    await service?.close();
    await publisher.close();
    redis.disconnect();
    await server.stop();
  });
  const waiter = async (): Promise<string | undefined> => /^id=(\d+) .*name=c1-waiting .*flags=b/m.exec(String(await redis.client('LIST')))?.[1];
  const pending = async (): Promise<number> => ((await redis.xpending(STREAM, 'test')) as [number])[0];

  /** Adds an event that is leased to the service in the same instant, by nobody that would tell it. */
  const lose = (n: number): Promise<unknown> => redis.multi().xadd(STREAM, '*', 'type', 'work.given', 'data', JSON.stringify({ n })).xreadgroup('GROUP', 'test', 'c1', 'STREAMS', STREAM, '>').exec();

  it('is handled when the connection is back and for a while after, and what is being handled is not handled twice', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    opened = promise;
    service = await startTestService(server.url, Handlers, { consumer: 'c1', claimIdleMs, blockMs: 60_000 });
    await publisher.publish(workGiven, { n: 1 });
    await until(() => begun.length === 1);
    await lose(2);
    await until(async () => await waiter() !== undefined);
    await redis.call('CLIENT', 'KILL', 'ID', (await waiter())!);
    await publisher.publish(workGiven, { n: 3 }); // ends the wait, which was sent again
    await entriesOf(redis, 'stream:work.done', 2);
    await lose(4); // as by a wait that goes on without its connection, which the server does not know
    await entriesOf(redis, 'stream:work.done', 3);
    resolve();
    await entriesOf(redis, 'stream:work.done', 4);
    await whenNothingPending(redis, STREAM);
    expect(begun.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
  });

  it('is handled when it was leased into a black hole', async () => {
    const proxy = await startFaultProxy(server.port);
    service = await startTestService(`redis://127.0.0.1:${proxy.port}`, Handlers, { consumer: 'c1', claimIdleMs, blockMs: 60_000 });
    await publisher.publish(workGiven, { n: 1 });
    await entriesOf(redis, 'stream:work.done', 1);
    await until(async () => await waiter() !== undefined);
    proxy.set({ kind: 'black-hole' });
    await publisher.publish(workGiven, { n: 2 });
    await until(async () => await pending() === 1);
    proxy.set({ kind: 'none' }); // the open connections stay dead
    for (const connection of service.server.unwrap<Redis[]>()) connection.disconnect(true);
    await entriesOf(redis, 'stream:work.done', 2);
    await whenNothingPending(redis, STREAM);
    expect(begun).toEqual([1, 2]);
    await service.close();
    service = undefined;
    await proxy.close();
  });
});
