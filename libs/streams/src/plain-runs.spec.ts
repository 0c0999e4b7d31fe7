import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { deriveEventId, retryable, terminal, type EventOf, type Outcome, type Run } from '@cascade/messages';
import { startTestRedis, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { parseDeadLetter } from './dead-letter.js';
import { EventPublisher } from './event-publisher.js';
import { OnEvent } from './on-event.js';
import { nothing } from './outcome.js';
import { plainRuns } from './plain-runs.js';
import { workGiven } from './testing/definitions.js';
import { entriesOf, startTestService, whenNothingPending, type TestService } from './testing/test-service.js';

@Controller()
class Handlers {
  @OnEvent(workGiven)
  async work({ data }: EventOf<typeof workGiven>, run: Run): Promise<Outcome> {
    if (data.n === 1) throw terminal('CASC_TEST_WRONG', 'cannot work');
    if (data.n === 2) await run.ask('colour', 'Which one?');
    if (data.n === 3) throw retryable('CASC_TEST_BUSY', 'not now');
    return nothing();
  }
}

describe('a service without cascades', () => {
  let server: TestRedis;
  let redis: Redis;
  let service: TestService;
  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
    service = await startTestService(server.url, Handlers, { runs: plainRuns, retryDelays: { default: [] } });
  });
  afterEach(async () => { await redis.del('dead:test'); });
  afterAll(async () => {
    await service.close();
    redis.disconnect();
    await server.stop();
  });

  it('keeps in the dead letters whatever ends without a result', async () => {
    const publisher = new EventPublisher({ redis: server });
    for (const n of [1, 2, 3, 4]) await publisher.publish(workGiven, { n }, { id: deriveEventId('test', 0, n) });
    const letters = (await entriesOf(redis, 'dead:test', 3)).map(parseDeadLetter);
    expect(Object.fromEntries(letters.map(({ fields, problem }) => [fields['data'], problem.code]))).toEqual({
      '{"n":1}': 'CASC_TEST_WRONG', '{"n":2}': 'CASC_INPUT_NEEDED', '{"n":3}': 'CASC_TEST_BUSY',
    });
    await whenNothingPending(redis, 'stream:work.given');
    await publisher.close();
  });
});
