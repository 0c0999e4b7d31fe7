import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestRedis, untilTrue, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { createConnection } from './redis-connection.js';
import { WaitingConnection } from './waiting-connection.js';

describe('WaitingConnection', () => {
  let server: TestRedis;
  let redis: Redis;
  let waiter: Redis;
  let waiting: WaitingConnection;
  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
  });
  beforeEach(() => {
    waiter = createConnection({ url: server.url, name: 'waiter', role: 'waiting' });
    waiter.on('error', () => undefined);
    waiting = new WaitingConnection({ waiter, redis, blockMs: 300_000 });
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });
  const wait = (isInterruptible: boolean): Promise<unknown> => waiting.during(() => waiter.xread('BLOCK', 300_000, 'STREAMS', 'news', '0'), isInterruptible);
  const begun = (): Promise<void> => untilTrue(async () => /name=waiter .*flags=b/.test(String(await redis.client('LIST'))), 'it to wait');

  it('ends a wait that may be ended, once, and no other', async () => {
    const first = wait(true);
    await begun();
    waiting.interrupt();
    waiting.interrupt();
    expect(await first).toBeNull();
    const second = wait(false);
    await begun();
    waiting.interrupt();
    await redis.ping();
    expect(String(await redis.client('LIST'))).toMatch(/name=waiter .*flags=b/);
    await waiting.close();
    expect(await second).toBeNull();
  });

  it('hangs up after the reply of the wait under way, however early it is closed', async () => {
    const news = wait(false);
    await untilTrue(() => waiter.status === 'ready', 'it to connect');
    await waiting.close();
    expect(await news).toBeNull();
    expect(waiting.doubt).toBeUndefined();
    await untilTrue(() => waiter.status === 'end', 'it to hang up');
  });

  it('is in doubt when the connection breaks during a wait, until it is told that nothing is lost any more', async () => {
    const news = wait(true);
    await begun();
    await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await untilTrue(() => waiting.doubt !== undefined, 'the break to be noticed');
    const doubt = waiting.doubt!;
    expect(doubt.untilMs).toBeGreaterThan(performance.now() + 290_000);
    waiting.trust({ ...doubt }); // another one
    expect(waiting.doubt).toBe(doubt);
    waiting.trust(doubt);
    expect(waiting.doubt).toBeUndefined();
    await begun(); // sent again
    await waiting.close();
    await Promise.allSettled([news]);
  });
});
