import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { failOnLeaks, SeededRandom, startTestRedis, type TestRedis } from '@cascade/testing';
import { creationLimits, drainTime } from './creation-budget.js';
import { RedisCreationBudget } from './redis-creation-budget.js';

failOnLeaks();

const seed = Number(process.env['BUDGET_SEED'] ?? 20_261_127);
const minute = 60_000;
const hour = 60 * minute;

/** The most of `times` that any window of `ms` holds; a window begins with one of them. */
const mostIn = (times: readonly number[], ms: number): number => Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + ms).length));

describe('the budget of creations', () => {
  let server: TestRedis;
  let redis: Redis;
  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
  });
  afterEach(() => redis.flushall());
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  /** A clock that nothing but waiting moves. */
  const fakeTime = (): { now: number; options: ConstructorParameters<typeof RedisCreationBudget>[1] } => {
    const time = { now: 1_700_000_000_000, options: {} };
    time.options = { clock: async () => time.now, pause: async (ms: number) => { time.now += ms; } };
    return time;
  };

  it('drains 1,000 creations within the limits, in the time that it said', async () => {
    const time = fakeTime();
    const budget = new RedisCreationBudget(redis, time.options);
    const told = await budget.timeFor('7', 1_000);
    const [start, times] = [time.now, [] as number[]];
    for (let count = 0; count < 1_000; count += 1) {
      await budget.take('7');
      times.push(time.now);
    }
    expect(mostIn(times, minute)).toBeLessThanOrEqual(80);
    expect(mostIn(times, hour)).toBe(500);
    expect(times.at(-1)! - start).toBe(told);
    // 500 at 3 s each, the rest of the hour, and 500 more.
    expect(told).toBe(hour + 499 * 3_000);
  });

  it('is one for all processes, and one for each installation', async () => {
    const time = fakeTime();
    const budgets = [1, 2, 3].map(() => new RedisCreationBudget(redis, time.options));
    const times: number[] = [];
    for (let count = 0; count < 200; count += 1) {
      await budgets[count % 3]!.take('7');
      times.push(time.now);
    }
    expect(mostIn(times, 3_000)).toBe(1);
    expect(times.at(-1)! - times[0]!).toBe(199 * 3_000);
    const before = time.now;
    await budgets[0]!.take('8');
    expect(time.now).toBe(before);
  });

  it(`keeps both limits for random bursts, and its estimate is what happens (BUDGET_SEED=${seed})`, async () => {
    const random = new SeededRandom(seed);
    const time = fakeTime();
    const limits = [{ count: 5, windowMs: 1_000 }, { count: 12, windowMs: 10_000 }];
    const budget = new RedisCreationBudget(redis, { ...time.options, limits });
    const times: number[] = [];
    for (let burst = 0; burst < 40; burst += 1) {
      time.now += random.below(4_000);
      const size = 1 + random.below(8);
      const [from, told] = [time.now, drainTime(times, time.now, size, limits)];
      for (let count = 0; count < size; count += 1) {
        await budget.take('7');
        times.push(time.now);
      }
      expect(time.now - from).toBe(told);
    }
    expect(mostIn(times, 1_000)).toBeLessThanOrEqual(5);
    expect(mostIn(times, 10_000)).toBeLessThanOrEqual(12);
  });

  it('counts nothing for who gave up, and keeps nothing after the hour', async () => {
    const limits = [{ count: 1, windowMs: hour }];
    const budget = new RedisCreationBudget(redis, { limits });
    await budget.take('7');
    const controller = new AbortController();
    const waiting = budget.take('7', controller.signal);
    controller.abort();
    await expect(waiting).rejects.toThrow('abort');
    expect(await redis.zcard('github:bucket:7')).toBe(1);
    expect(await redis.pttl('github:bucket:7')).toBeLessThanOrEqual(hour);
    expect(await redis.pttl('github:bucket:7')).toBeGreaterThan(0);
  });

  it('holds no more than an hour\'s creations', async () => {
    const time = fakeTime();
    const budget = new RedisCreationBudget(redis, time.options);
    for (let count = 0; count < 1_100; count += 1) await budget.take('7');
    expect(await redis.zcard('github:bucket:7')).toBeLessThanOrEqual(500);
  });
});

it('GitHub\'s limits are one in three seconds, 80 a minute and 500 an hour', () => {
  expect(creationLimits).toEqual([{ count: 1, windowMs: 3_000 }, { count: 80, windowMs: minute }, { count: 500, windowMs: hour }]);
  expect(drainTime([], 0, 0)).toBe(0);
  expect(drainTime([], 5, 1)).toBe(0);
});
