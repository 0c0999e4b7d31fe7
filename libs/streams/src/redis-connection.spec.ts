import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startFaultProxy, startTestRedis, untilTrue, type TestRedis } from '@cascade/testing';
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

  it('comes back from a black hole that it meets while nobody uses it, and from one right after a reset', async () => {
    const proxy = await startFaultProxy(server.port);
    const idle = createConnection({ url: `redis://127.0.0.1:${proxy.port}`, name: 'idle', role: 'waiting', silenceMs: 1_000 });
    idle.on('error', () => undefined);
    let connected = 0;
    idle.on('ready', () => { connected += 1; });
    await idle.subscribe('news');
    proxy.set({ kind: 'black-hole' });
    proxy.set({ kind: 'none' }); // the open connection stays dead
    await untilTrue(() => connected === 2, 'the dead connection to be given up');
    idle.ping().catch(() => undefined); // under way when the connection is cut
    proxy.set({ kind: 'reset' });
    proxy.set({ kind: 'black-hole' });
    await untilTrue(() => proxy.connections === 1, 'the next attempt to be swallowed');
    proxy.set({ kind: 'none' });
    await untilTrue(() => connected === 3, 'the connection that was swallowed to be given up');
    expect(connected).toBe(3);
    idle.disconnect();
    await proxy.close();
  });
});
