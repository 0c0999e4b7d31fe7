import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTestRedis, untilTrue, type TestRedis } from '@cascade/testing';
import { Controller } from '@nestjs/common';
import type { EventOf, Outcome } from '@cascade/messages';
import { Redis } from 'ioredis';
import { EventPublisher } from './event-publisher.js';
import { OnEvent } from './on-event.js';
import { nothing } from './outcome.js';
import { readPresence, type Presence } from './presence.js';
import { workGiven } from './testing/definitions.js';
import { startTestService } from './testing/test-service.js';

let handled = 0;

@Controller()
class Worker {
  @OnEvent(workGiven)
  async given({ data }: EventOf<typeof workGiven>): Promise<Outcome> {
    handled += data.n;
    return nothing();
  }
}

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

it('is of who waits for work now, also when there was never any; a service that stopped, or never came, has none', async () => {
  const presence = async (): Promise<Presence | undefined> => (await readPresence(redis, [workGiven.type, 'work.unknown'])).get('test');
  expect(await presence()).toBeUndefined();
  const service = await startTestService(server.url, Worker);
  await untilTrue(async () => (await presence())?.silentMs !== undefined, 'it to wait for work');
  expect((await presence())?.lastWorkMs).toBeUndefined();
  const publisher = new EventPublisher({ redis: { url: server.url } });
  await publisher.publish(workGiven, { n: 1 }, { cascadeId: 'c' });
  await untilTrue(() => handled === 1, 'the event to be handled');
  expect((await presence())?.lastWorkMs).toEqual(expect.any(Number));
  await publisher.close();
  await service.close();
  await untilTrue(async () => (await presence())?.silentMs === undefined, 'Redis to see it gone');
});
