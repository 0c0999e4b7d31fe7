import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { redisKeys } from '@cascade/contracts';
import { redisTime } from '@cascade/streams';
import { runMetrics } from '@cascade/telemetry';
import { startTestRedis, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { beginEndings, countEnding } from './count-ending.js';
import { readOpenRuns } from './open-runs.js';

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

const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString();

it('counts how, where and when a cascade ended, how long it was in each tier, and what it cost', async () => {
  beginEndings();
  await redis.hset(redisKeys.cascade('c'), { created_at: at(0), deadline: at(1_000), ended_at: at(500), tier: '2', tier_0_at: at(10), tier_2_at: at(110), usage_usd: '1.5' });
  await countEnding(redis, 'c', 'failed');
  await countEnding(redis, 'expired', 'failed');
  expect(runMetrics.ended.at({ outcome: 'failed', tier: 'programs' }).value).toBe(1);
  expect((await runMetrics.ended.get()).values.reduce((sum, { value }) => sum + value, 0)).toBe(1);
  expect([runMetrics.seconds.at({ outcome: 'failed' }).sum, runMetrics.spent.at({ outcome: 'failed' }).value, runMetrics.deadlineUsed.at({ outcome: 'failed' }).sum]).toEqual([500, 1.5, 0.5]);
  expect((['stories', 'specs', 'programs'] as const).map((tier) => runMetrics.tierSeconds.at({ tier }).sum)).toEqual([100, 0, 390]);
});

it('tells where the open cascades are, and how much of its time the latest has used', async () => {
  const now = await redisTime(redis);
  const open = async (id: string, more: Record<string, string>, usedMs: number): Promise<void> => {
    await redis.hset(redisKeys.cascade(id), { created_at: new Date(now - usedMs).toISOString(), deadline: new Date(now + 10_000_000).toISOString(), ...more });
    await redis.zadd(redisKeys.deadlines, now + 10_000_000, id);
  };
  await open('runs', { state: 'running', tier: '3' }, 10_000_000);
  await open('begins', { state: 'running' }, 0);
  await open('waits', { state: 'waiting', tier: '0', deadline_left_ms: '5' }, 90_000_000); // its deadline stands still
  await redis.zadd(redisKeys.deadlines, 1, 'agent:runs-30');
  const { counts, burn } = await readOpenRuns(redis);
  expect(counts.filter(({ count }) => count > 0)).toEqual([{ state: 'running', tier: 'execution', count: 1 }, { state: 'running', tier: 'none', count: 1 }, { state: 'waiting', tier: 'stories', count: 1 }]);
  expect(burn).toBeCloseTo(0.5, 1);
});
