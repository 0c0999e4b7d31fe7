import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import type { EventOf, Outcome } from '@cascade/contracts';
import { publication } from '@cascade/messages';
import { Redis } from 'ioredis';
import type { StartedTestContainer } from 'testcontainers';
import { EventPublisher } from './event-publisher.js';
import { OnEvent } from './on-event.js';
import { outcome } from './outcome.js';
import { workDone, workGiven } from './testing/definitions.js';
import { entriesOf, startTestService, whenNothingPending } from './testing/test-service.js';

const REDIS_PORT = 6379;

/** Whether an engine for containers answers here; its client is loaded only where there may be one. */
async function engineAnswers(): Promise<boolean> {
  if (process.env['DOCKER_HOST'] === undefined && !existsSync('/var/run/docker.sock')) return false;
  const { getContainerRuntimeClient } = await import('testcontainers');
  return getContainerRuntimeClient().then(() => true, () => false);
}

const isThere = await engineAnswers();
if (!isThere) process.stdout.write('No engine for containers answers here: the hand-off is not tried on the image of Redis that deployments run.\n');

@Controller()
class Doubling {
  @OnEvent(workGiven)
  async double({ data: { n } }: EventOf<typeof workGiven>): Promise<Outcome> {
    return outcome({ save: [{ key: `result-${n}`, fields: { double: String(2 * n) } }], publish: [publication(workDone, { n })] });
  }
}

/** Everything else tries the Redis of this machine; deployments run the image. */
(isThere ? describe : describe.skip)('on Redis in a container', () => {
  let container: StartedTestContainer;
  let url: string;

  beforeAll(async () => {
    const { GenericContainer, Wait } = await import('testcontainers');
    container = await new GenericContainer(process.env['CASCADE_REDIS_IMAGE'] ?? 'redis:7')
      .withCommand(['redis-server', '--appendonly', 'yes', '--maxmemory-policy', 'noeviction', '--protected-mode', 'no'])
      .withExposedPorts(REDIS_PORT).withWaitStrategy(Wait.forListeningPorts()).start();
    url = `redis://${container.getHost()}:${container.getMappedPort(REDIS_PORT)}`;
  });
  afterAll(() => container.stop());

  it('an event is handed on once: its results, what follows of it and its acknowledgement together', async () => {
    const redis = new Redis(url);
    const publisher = new EventPublisher({ redis: { url } });
    const service = await startTestService(url, Doubling);
    for (const n of [1, 2, 3]) await publisher.publish(workGiven, { n });
    expect((await entriesOf(redis, 'stream:work.done', 3)).map(({ data }) => data)).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
    await whenNothingPending(redis, 'stream:work.given');
    expect(await Promise.all([1, 2, 3].map((n) => redis.hget(`result-${n}`, 'double')))).toEqual(['2', '4', '6']);
    await service.close();
    await publisher.close();
    redis.disconnect();
  });
});
