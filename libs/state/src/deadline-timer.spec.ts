import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { redisKeys } from '@cascade/contracts';
import { startTestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { DeadlineTimer } from './deadline-timer.js';

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  await redis.ping();
});
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setInterval', 'clearInterval'] });
});
afterEach(() => void jest.useRealTimers());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const moveTo = (id: string, ms: number): Promise<number> => redis.hset(redisKeys.cascade(id), 'deadline', new Date(Date.now() + ms).toISOString());
async function started(id: string, fallback?: string): Promise<DeadlineTimer> {
  const timer = new DeadlineTimer(redis, id, fallback);
  await timer.start();
  return timer;
}
/** Lets the timer fire, and what it asked of Redis be answered. */
async function later(ms: number): Promise<void> {
  jest.advanceTimersByTime(ms);
  await redis.ping();
  await redis.ping(); // its two answers are put together after the first
}

describe('a deadline\'s timer', () => {
  it('aborts when the deadline has passed, from the start or later', async () => {
    await moveTo('past', -1);
    expect((await started('past')).signal.aborted).toBe(true);
    await moveTo('soon', 100_000);
    const timer = await started('soon');
    await moveTo('soon', -1);
    expect(timer.signal.aborted).toBe(false);
    await later(100_000);
    expect(timer.signal.reason).toMatchObject({ kind: 'cancelled', message: expect.stringContaining('deadline') });
  });

  it('goes on when the deadline has moved meanwhile', async () => {
    await moveTo('moved', 100_000);
    const timer = await started('moved');
    await moveTo('moved', 200_000);
    await later(100_000);
    expect(timer.signal.aborted).toBe(false);
    await moveTo('moved', -1);
    await later(200_000);
    expect(timer.signal.aborted).toBe(true);
  });

  it('takes the event\'s own deadline for a cascade without a record, and leaves what is far away to the supervisor', async () => {
    expect((await started('unknown', '2020-01-01T00:00:00.000Z')).signal.aborted).toBe(true);
    await moveTo('far', 30 * 24 * 3_600_000);
    await started('far');
    expect(jest.getTimerCount()).toBe(0);
  });
});
