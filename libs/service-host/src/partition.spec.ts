import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { removeTemporaryFolders, startTestRedis, temporaryFolder, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { readHostConfig } from './host-config.js';
import { startPartition } from './partition.js';

/** As a supervisor's loops do: it ends when Redis has answered. */
@Injectable()
class Waiting {
  constructor(private readonly redis: Redis) {}

  async onApplicationShutdown(): Promise<void> {
    await this.redis.get('anything');
  }
}

@Module({ providers: [Waiting] })
class WaitingModule {}

let server: TestRedis;
beforeAll(async () => { server = await startTestRedis(); });
afterAll(async () => {
  await server.stop();
  removeTemporaryFolders();
});

it('stops although something in it waits for a Redis that is gone', async () => {
  const config = readHostConfig({ REDIS_URL: server.url, CASCADE_HOME: temporaryFolder('home') });
  const service = { name: 'waiting', module: WaitingModule };
  const partition = await startPartition({ service, config, redis: config.partitions[0]!, shared: [], logger: undefined, stopWithinMs: 50 });
  await server.kill();
  await expect(partition.stop()).resolves.toBeUndefined(); // and not after the limit of this test
});
