import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestRedis, untilTrue, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { createConnection } from './redis-connection.js';
import { ReplyBell } from './reply-bell.js';

describe('ReplyBell', () => {
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
  const connection = (): Redis => createConnection({ url: server.url, name: 'bell', role: 'waiting' });
  const subscribers = async (channel: string): Promise<number> => ((await redis.pubsub('NUMSUB', channel)) as [string, number])[1];

  it('listens again after its connection was lost, and tells all to look', async () => {
    const bell = new ReplyBell(connection());
    const [first, second] = await Promise.all([bell.listen('reply:1'), bell.listen('reply:2')]);
    const next = [first.next(), second.next()];
    await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await Promise.all(next);
    await untilTrue(async () => await subscribers('reply:1') === 1 && await subscribers('reply:2') === 1, 'both to be heard again');
    second.close();
    await untilTrue(async () => await subscribers('reply:2') === 0, 'the second to be forgotten');
    expect(await subscribers('reply:1')).toBe(1);
    bell.close();
  });
});
