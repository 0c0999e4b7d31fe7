import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { redisKeys, type Usage } from '@cascade/contracts';
import { startTestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import type { Journal } from './journal.js';
import { openJournal } from './testing/open-journal.js';

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;
const journal = (): Journal => openJournal(redis);

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
});
beforeEach(() => redis.flushall());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const cost = (tokens: number, usd = 0): Usage => ({ promptTokens: tokens, completionTokens: 0, usd });
const spent = async (): Promise<(string | null)[]> => redis.hmget(redisKeys.cascade('c1'), 'usage_calls', 'usage_prompt_tokens', 'usage_usd');

describe('a step', () => {
  it('runs once; afterwards its recorded result is returned, in the same plain form', async () => {
    let runs = 0;
    const step = (): Promise<{ a: number; when: Date }> => journal().step('s', async () => ({ a: ++runs, when: new Date(0) }));
    expect(await step()).toEqual({ a: 1, when: '1970-01-01T00:00:00.000Z' });
    expect(await step()).toEqual({ a: 1, when: '1970-01-01T00:00:00.000Z' });
    expect(runs).toBe(1);
  });

  it('may return nothing', async () => {
    expect(await journal().step('s', async () => undefined)).toBeUndefined();
    expect(await journal().step('s', async () => undefined)).toBeUndefined();
  });

  it('that throws is not recorded', async () => {
    await expect(journal().step('s', () => Promise.reject(new RangeError('boom')))).rejects.toThrow('boom');
    expect(await journal().step('s', async () => 2)).toBe(2);
  });

  it('run by two workers at once has one result and one cost', async () => {
    const results = await Promise.all([1, 2, 3].map((n) => journal().step('s', async () => n, { usage: () => cost(10, 0.5) })));
    expect(new Set(results).size).toBe(1);
    expect(await spent()).toEqual(['1', '10', '0.5']);
  });
});

describe('the budget', () => {
  it('refuses a step before it runs when it may pass the ceiling', async () => {
    await redis.hset(redisKeys.cascade('c1'), 'budget_tokens', '100');
    await journal().step('a', async () => 1, { reserve: cost(60), usage: () => cost(50) });
    let ran = false;
    const second = journal().step('b', async () => (ran = true), { reserve: cost(60), usage: () => cost(60) });
    await expect(second).rejects.toMatchObject({ code: 'CASC_BUDGET_EXCEEDED', message: expect.stringContaining('50 of 100 tokens') });
    expect(ran).toBe(false);
    expect(await journal().step('c', async () => 3, { reserve: cost(50) })).toBe(3);
  });

  it('counts what runs at the same time, so that concurrent steps cannot pass it together', async () => {
    await redis.hset(redisKeys.cascade('c1'), 'budget_usd', '1');
    let release: (value: number) => void = () => undefined;
    const gate = new Promise<number>((resolve) => (release = resolve));
    const all = ['a', 'b', 'c', 'd'].map((name) => journal().step(name, () => gate, { reserve: cost(1, 0.4), usage: () => cost(1, 0.4) }));
    const settled = Promise.allSettled(all);
    await Promise.race(all.map((one) => one.catch(() => undefined)));
    release(1);
    expect((await settled).map((result) => result.status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect((await spent())[2]).toBe('0.8');
  });

  it('does not count a reservation twice when a crashed step runs again', async () => {
    await redis.hset(redisKeys.cascade('c1'), 'budget_tokens', '100');
    await expect(journal().step('a', () => Promise.reject(new RangeError('killed')), { reserve: cost(90) })).rejects.toThrow();
    expect(await journal().step('a', async () => 1, { reserve: cost(90), usage: () => cost(80) })).toBe(1);
  });
});
