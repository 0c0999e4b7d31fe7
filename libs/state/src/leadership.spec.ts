import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { redisKeys } from '@cascade/contracts';
import { startTestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { Leadership } from './leadership.js';

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;
let some: Leadership[];

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
});
beforeEach(async () => {
  await redis.flushall();
  some = Array.from({ length: 4 }, () => new Leadership(redis, 'supervisor'));
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const leading = async (): Promise<number[]> => (await Promise.all(some.map((one) => one.lead()))).flatMap((leads, index) => (leads ? [index] : []));

it('is with one process at a time, and stays with it', async () => {
  const [first, ...others] = await leading();
  expect(others).toEqual([]);
  expect(await leading()).toEqual([first]);
});

it('passes to another at once when the leader stops', async () => {
  const [first = 0] = await leading();
  await some[first]!.onApplicationShutdown();
  some.splice(first, 1);
  expect(await leading()).toHaveLength(1);
});

it('passes to another when the leader is silent for too long, with a greater token', async () => {
  const [first = 0] = await leading();
  const token = Number(await redis.hget(redisKeys.lease('supervisor'), 'token'));
  await redis.hset(redisKeys.lease('supervisor'), 'until', 1); // as if its time were over
  some.splice(first, 1);
  expect(await leading()).toHaveLength(1);
  expect(Number(await redis.hget(redisKeys.lease('supervisor'), 'token'))).toBeGreaterThan(token);
});
