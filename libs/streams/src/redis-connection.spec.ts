import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestRedis, untilTrue, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { createConnection } from './redis-connection.js';

describe('createConnection', () => {
  let server: TestRedis;
  beforeAll(async () => { server = await startTestRedis(); });
  afterAll(async () => { await server.stop(); });

  it('answers a wait that was under way when Redis went away, once Redis is back', async () => {
    const waiter = createConnection({ url: server.url, name: 'waiter', role: 'waiting' });
    waiter.on('error', () => undefined);
    const before = new Redis(server.url);
    const news = waiter.xread('COUNT', 1, 'BLOCK', 30_000, 'STREAMS', 'news', '0');
    await untilTrue(async () => String(await before.client('LIST')).includes('flags=b'), 'the wait to have begun');
    before.disconnect();
    await server.kill();
    await server.restart();
    const after = new Redis(server.url);
    await after.xadd('news', '1-0', 'text', 'back');
    expect(await news).toEqual([['news', [['1-0', ['text', 'back']]]]]);
    after.disconnect();
    waiter.disconnect();
  });
});
