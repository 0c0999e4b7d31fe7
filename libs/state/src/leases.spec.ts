import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { redisKeys } from '@cascade/contracts';
import { startTestRedis } from '@cascade/testing';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { LEASE_MEMORY_MS, Leases, type Lease } from './leases.js';

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;
let leases: Leases;
const LONG = 600_000;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  leases = new Leases(redis);
});
beforeEach(() => redis.flushall());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

/** What passing time does to a lease. */
const lapse = (name: string): Promise<unknown> => redis.hset(redisKeys.lease(name), 'until', 1);
const take = async (holder: string): Promise<Lease> => (await leases.acquire('l', holder, LONG))!;

describe('a lease', () => {
  it('has one holder, however many ask at once', async () => {
    const got = await Promise.all(Array.from({ length: 20 }, (_, n) => leases.acquire('l', `holder-${n}`, LONG)));
    expect(got.filter((lease) => lease !== undefined)).toHaveLength(1);
    expect(await leases.acquire('other', 'holder-x', LONG)).toBeDefined();
  });

  it('passes on when it is given back or lapses, each time with a greater token', async () => {
    const first = await take('a');
    expect(first.isHeld).toBe(true);
    await first.release();
    expect([first.isHeld, await first.renew()]).toEqual([false, false]);
    const second = await take('b');
    await lapse('l');
    const third = await take('c');
    expect([second.token > first.token, third.token > second.token]).toEqual([true, true]);
    expect([await second.renew(), second.isHeld, await third.renew()]).toEqual([false, false, true]);
    await second.release();
    expect(await third.renew()).toBe(true);
  });

  it('is the same holder\'s again, with a token that makes the earlier one void', async () => {
    const [first, again] = [await take('a'), await take('a')];
    expect(again.token).toBeGreaterThan(first.token);
    expect([await first.renew(), await again.renew()]).toEqual([false, true]);
  });

  it('that lapsed and that nobody took can still be renewed', async () => {
    const lease = await take('a');
    await lapse('l');
    expect(await lease.renew()).toBe(true);
    expect(await leases.acquire('l', 'b', LONG)).toBeUndefined();
  });

  it('keeps its tokens growing when Redis lost everything', async () => {
    const before = await take('a');
    await redis.flushall();
    expect((await take('b')).token).toBeGreaterThan(before.token);
  });

  it('keeps its tokens growing when the clock was set back', async () => {
    const future = (Date.now() + 7_200_000) * 1_000;
    await redis.hset(redisKeys.lease('l'), 'token', future);
    expect((await take('a')).token).toBe(future + 1);
  });

  it('leaves nothing behind for ever', async () => {
    const lease = await take('a');
    const ttl = async (): Promise<boolean> => (await redis.pttl(redisKeys.lease('l'))) > LEASE_MEMORY_MS - LONG;
    expect(await ttl()).toBe(true);
    await lease.release();
    expect(await ttl()).toBe(true);
  });
});

describe('leases under any sequence of requests', () => {
  type Held = { holder: string; token: number } | undefined;
  const holders = ['a', 'b', 'c'];
  const request = fc.record({ what: fc.constantFrom('acquire', 'renew', 'release', 'lapse'), holder: fc.constantFrom(...holders) });

  it('behave like the model: one holder, growing tokens, no word of a former holder counts', async () => {
    await fc.assert(fc.asyncProperty(fc.array(request, { maxLength: 40 }), async (requests) => {
      await redis.flushall();
      const got = new Map<string, Lease>();
      let held: Held;
      let lapsed = false;
      let newest = 0;
      for (const { what, holder } of requests) {
        const lease = got.get(holder);
        const isNewest: boolean = held !== undefined && lease?.token === held.token;
        if (what === 'acquire') {
          const free = held === undefined || lapsed || held.holder === holder;
          const acquired = await leases.acquire('l', holder, LONG);
          expect(acquired !== undefined).toBe(free);
          if (acquired === undefined) continue;
          expect(acquired.token).toBeGreaterThan(newest);
          got.set(holder, acquired);
          newest = acquired.token;
          held = { holder, token: newest };
          lapsed = false;
        } else if (what === 'renew' && lease !== undefined) {
          expect(await lease.renew()).toBe(isNewest);
          if (isNewest) lapsed = false;
        } else if (what === 'release' && lease !== undefined) {
          await lease.release();
          if (isNewest) held = undefined;
        } else if (what === 'lapse' && held !== undefined) {
          await lapse('l');
          lapsed = true;
        }
      }
    }), { numRuns: 200 });
  });
});
