import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestRedis, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { EntryAdder } from './entry-adder.js';

describe('EntryAdder', () => {
  let server: TestRedis;
  let redis: Redis;
  let adder: EntryAdder;
  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
    adder = new EntryAdder(redis);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });
  beforeEach(async () => { await redis.flushall(); });

  it('adds what many callers ask for at once, each in its stream and all in their order', async () => {
    const ids = await Promise.all(Array.from({ length: 150 }, (_, n) => adder.add(`s${n % 2}`, ['n', String(n)])));
    for (const stream of [0, 1]) {
      const expected = ids.map((id, n) => [id, ['n', String(n)]]).filter((_, n) => n % 2 === stream);
      expect(await redis.xrange(`s${stream}`, '-', '+')).toEqual(expected);
    }
    expect(Number(/cmdstat_evalsha:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1])).toBeLessThanOrEqual(3);
  });

  it('tells who asked for an entry that its key refuses, and adds the others', async () => {
    await redis.set('taken', '1');
    const [one, refused, two] = await Promise.allSettled([adder.add('s', ['n', '1']), adder.add('taken', ['n', '2']), adder.add('s', ['n', '3'])]);
    expect([one!.status, two!.status, await redis.xlen('s')]).toEqual(['fulfilled', 'fulfilled', 2]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { message: expect.stringMatching(/^WRONGTYPE/) } });
  });

  it('adds nothing to a Redis that takes no writes', async () => {
    await redis.config('SET', 'maxmemory', '1');
    const results = await Promise.allSettled([adder.add('s', ['n', '1']), adder.add('s', ['n', '2'])]);
    await redis.config('SET', 'maxmemory', '0');
    expect(results).toMatchObject([1, 2].map(() => ({ status: 'rejected', reason: { message: expect.stringMatching(/^OOM/) } })));
    expect(await redis.exists('s')).toBe(0);
  });
});
