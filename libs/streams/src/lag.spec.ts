import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestRedis, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { MAX_COUNTED, readLag, servicesOf, type GroupLag } from './lag.js';

let server: TestRedis;
let redis: Redis;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url, { enableAutoPipelining: true });
});
beforeEach(() => redis.flushall());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const stream = 'stream:work.given';
const add = (count: number): Promise<unknown> => Promise.all(Array.from({ length: count }, () => redis.xadd(stream, '*', 'n', '1')));
const read = (count: number, group = 'workers'): Promise<unknown> => redis.xreadgroup('GROUP', group, 'c', 'COUNT', count, 'STREAMS', stream, '>');
async function only(): Promise<GroupLag> {
  const { groups } = await readLag(redis, ['work.given', 'work.unknown']);
  expect(groups).toHaveLength(1);
  return groups[0]!;
}

describe('how far a service is behind', () => {
  it('is told by group: what it was not given, and what it has not finished, with their ages', async () => {
    await redis.xgroup('CREATE', stream, 'workers', '0', 'MKSTREAM');
    expect(await only()).toEqual({ stream, group: 'workers', length: 0, lag: 0, isAtLeast: false, pending: 0, oldestPendingMs: 0, oldestUndeliveredMs: 0 });
    const [seconds] = await redis.time();
    await redis.xadd(stream, `${Number(seconds) * 1000 - 60_000}-0`, 'n', '1');
    await redis.xadd(stream, `${Number(seconds) * 1000 - 30_000}-0`, 'n', '1');
    await read(1);
    const lag = await only();
    expect(lag).toMatchObject({ length: 2, lag: 1, pending: 1 });
    expect(lag.oldestPendingMs).toBeGreaterThanOrEqual(60_000);
    expect(lag.oldestUndeliveredMs).toBeGreaterThanOrEqual(30_000);
    expect(lag.oldestUndeliveredMs).toBeLessThan(lag.oldestPendingMs);
  });

  it('is counted where Redis does not know: a group made in the middle, a deleted entry', async () => {
    await add(5);
    await redis.xgroup('CREATE', stream, 'workers', (await redis.xrange(stream, '-', '+'))[1]![0]);
    expect(await only()).toMatchObject({ lag: 3, isAtLeast: false });
    await redis.xdel(stream, (await redis.xrange(stream, '-', '+'))[3]![0]);
    expect(await only()).toMatchObject({ lag: 2 });
  });

  it('is counted up to a bound', async () => {
    await add(MAX_COUNTED + 10);
    await redis.xgroup('CREATE', stream, 'workers', (await redis.xrange(stream, '-', '+', 'COUNT', 2))[1]![0]);
    expect(await only()).toMatchObject({ lag: MAX_COUNTED, isAtLeast: true });
  });

  it('is nothing when everything undelivered was trimmed', async () => {
    await redis.xgroup('CREATE', stream, 'workers', '0', 'MKSTREAM');
    await add(8);
    await read(2);
    await redis.xtrim(stream, 'MAXLEN', 0);
    expect(await only()).toMatchObject({ lag: 0, oldestUndeliveredMs: 0, length: 0 });
  });

  it('counts what a service puts aside: its retries, delays and dead letters', async () => {
    await redis.xgroup('CREATE', stream, 'workers', '0', 'MKSTREAM');
    await redis.xgroup('CREATE', 'retries:workers', 'workers', '0', 'MKSTREAM');
    await redis.xadd('retries:workers', '*', 'n', '1');
    await redis.zadd('delayed:workers', 1, 'a', 2, 'b');
    await redis.xadd('dead:workers', '*', 'n', '1');
    const { groups, services } = await readLag(redis, ['work.given']);
    expect(groups.map(({ stream: name, lag }) => [name, lag])).toEqual([[stream, 0], ['retries:workers', 1]]);
    expect(services).toEqual([{ service: 'workers', deadLetters: 1, delayedRetries: 2 }]);
    expect(await servicesOf(redis, ['work.given'])).toEqual(['workers']);
  });

  it('is told of every lane that exists, also to a service that has not met the lane', async () => {
    for (const group of ['away', 'workers']) await redis.xgroup('CREATE', stream, group, '0', 'MKSTREAM');
    await redis.xgroup('CREATE', `${stream}:high`, 'workers', '0', 'MKSTREAM');
    const [seconds] = await redis.time();
    await redis.xadd(`${stream}:high`, `${Number(seconds) * 1000 - 60_000}-0`, 'n', '1');
    await redis.xadd(`${stream}:high`, '*', 'n', '2');
    await redis.xgroup('CREATE', 'retries:workers', 'workers', '0', 'MKSTREAM');
    await redis.xadd('retries:workers:low', '*', 'n', '1');
    const { groups } = await readLag(redis, ['work.given']);
    expect(groups.map(({ stream: name, group, lag }) => [name, group, lag])).toEqual([
      [stream, 'away', 0], [stream, 'workers', 0], [`${stream}:high`, 'workers', 2], [`${stream}:high`, 'away', 2],
      ['retries:workers', 'workers', 0], ['retries:workers:low', 'workers', 1],
    ]);
    for (const { oldestUndeliveredMs } of groups.filter(({ stream: name }) => name.endsWith(':high'))) expect(oldestUndeliveredMs).toBeGreaterThanOrEqual(60_000);
  });

  it('knows a service that is found only in a lane', async () => {
    await redis.xgroup('CREATE', `${stream}:critical`, 'workers', '0', 'MKSTREAM');
    expect(await servicesOf(redis, ['work.given'])).toEqual(['workers']);
  });
});
