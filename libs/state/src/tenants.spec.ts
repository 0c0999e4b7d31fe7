import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { redisKeys, type Usage } from '@cascade/contracts';
import { startTestRedis } from '@cascade/testing';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { Reservations, type HeldStep } from './reservations.js';
import { Tenants } from './tenants.js';
import { openJournal } from './testing/open-journal.js';

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;
let tenants: Tenants;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  tenants = new Tenants(redis);
});
beforeEach(() => redis.flushall());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const cost = (tokens: number): Usage => ({ promptTokens: tokens, completionTokens: 0, usd: tokens / 4 });
const ask = (cascadeId: string, step: string, reserve: number, paid: number | 'fails', meanwhile: () => Promise<unknown> = async () => undefined): Promise<unknown> =>
  openJournal(redis, { cascadeId, tenant: 'acme' }).step(step, async () => {
    await meanwhile();
    if (paid === 'fails') throw new RangeError('boom');
    return paid;
  }, { reserve: cost(reserve), usage: (result) => cost(result as number) });
const reservations = redisKeys.tenantReservations('acme');

describe('a tenant', () => {
  it('without a ceiling is only counted', async () => {
    await ask('c1', 'a', 10, 8);
    await ask('c2', 'a', 10, 4);
    expect(await tenants.find('acme')).toEqual({ name: 'acme', budget: { tokens: undefined, usd: undefined }, usage: { calls: 2, tokens: 12, usd: 3 } });
    expect(await redis.exists(reservations)).toBe(0);
  });

  it('with one is refused, over all its cascades, before a call is made; a ceiling can be raised', async () => {
    await tenants.limit('acme', { tokens: 20 });
    await ask('c1', 'a', 12, 12);
    await expect(ask('c2', 'a', 12, 12)).rejects.toMatchObject({ code: 'CASC_BUDGET_EXCEEDED', message: expect.stringContaining('tenant acme does not allow step a: 12 of 20 tokens') });
    await tenants.limit('acme', { tokens: 24 });
    await tenants.limit('acme', { usd: 100 });
    expect([await ask('c2', 'a', 12, 12), (await tenants.find('acme')).budget]).toEqual([12, { tokens: 24, usd: 100 }]);
  });

  it('gets back what was reserved for workers that died, when their lease lapses', async () => {
    await tenants.limit('acme', { tokens: 20 });
    await redis.hset(reservations, 'c9 a', '1 1 15 0'); // lapsed long ago
    expect(await ask('c1', 'a', 12, 12)).toBe(12);
    expect([await redis.hgetall(reservations), await redis.exists(reservations)]).toEqual([{}, 0]);
  });

  it('pays once for a call that is settled twice, and for one whose worker was frozen until its reservation had lapsed', async () => {
    await tenants.limit('acme', { tokens: 100 });
    const kept = new Reservations(redis);
    const [one, two] = ['a', 'b'].map((step) => ({ cascadeId: 'c1', tenant: 'acme', step, fence: 7 })) as [HeldStep, HeldStep];
    expect(await kept.reserve(one, 0, cost(60))).toBeUndefined();
    expect(await kept.reserve(two, 60_000, cost(60))).toBeUndefined(); // the first one has lapsed
    for (const held of [one, one, two]) await kept.settle(held, cost(50));
    expect((await tenants.find('acme')).usage).toEqual({ calls: 2, tokens: 100, usd: 25 });
    expect(await kept.reserve({ ...two, step: 'c' }, 60_000, cost(1))).toEqual(['100', '100', '25', '']);
  });

  it('has one ceiling for its cascades in all partitions', async () => {
    await tenants.limit('acme', { tokens: 20 });
    const partitions = ['{p00}:', '{p01}:'].map((keyPrefix) => new Redis(server.url, { keyPrefix }));
    const given = await Promise.allSettled(partitions.flatMap((partition, index) => ['a', 'b'].map((step) =>
      openJournal(partition, { cascadeId: `c${index}`, tenant: 'acme', tenants: redis }).step(step, async () => redis.ping(), { reserve: cost(8), usage: () => cost(8) }))));
    expect(given.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect((await tenants.find('acme')).usage.tokens).toBe(16);
    for (const partition of partitions) partition.disconnect();
  });

  it('keeps a reservation as long as its step runs', async () => {
    await tenants.limit('acme', { tokens: 1000 });
    const holder = openJournal(redis, { cascadeId: 'c1', tenant: 'acme', ttlMs: 30 });
    await holder.step('a', async () => {
      const first = await redis.hget(reservations, 'c1 a');
      for (let now = first; now === first;) now = await redis.hget(reservations, 'c1 a'); // until it is renewed
      return 1;
    }, { reserve: cost(10) });
    expect(await redis.exists(reservations)).toBe(0);
  });
});

describe('ceilings of cascades and of their tenant', () => {
  const call = fc.record({ cascade: fc.constantFrom('c1', 'c2', 'c3'), reserve: fc.integer({ min: 1, max: 9 }), used: fc.double({ min: 0, max: 1, noNaN: true }), fails: fc.boolean() });

  it('are never passed by what is spent and in flight together, however many workers ask at once', async () => {
    await fc.assert(fc.asyncProperty(fc.array(call, { minLength: 5, maxLength: 40 }), fc.integer({ min: 5, max: 60 }), fc.integer({ min: 5, max: 30 }), async (calls, ceiling, own) => {
      await redis.flushall();
      await tenants.limit('acme', { tokens: ceiling });
      for (const id of ['c1', 'c2', 'c3']) await redis.hset(redisKeys.cascade(id), 'budget_tokens', own);
      const inFlight = new Map<string, number>();
      let [paid, worst] = [0, 0];
      const paidBy = new Map<string, number>();
      await Promise.allSettled(calls.map(async ({ cascade, reserve, used, fails }, index) => {
        const spends = Math.floor(reserve * used);
        await ask(cascade, `s${index}`, reserve, fails ? 'fails' : spends, async () => {
          inFlight.set(`${cascade} s${index}`, spends);
          worst = Math.max(worst, paid + [...inFlight.values()].reduce((sum, one) => sum + one, 0));
          await redis.ping();
          inFlight.delete(`${cascade} s${index}`);
          if (!fails) paid += spends;
          if (!fails) paidBy.set(cascade, (paidBy.get(cascade) ?? 0) + spends);
        });
      }));
      expect(worst).toBeLessThanOrEqual(ceiling);
      for (const spent of paidBy.values()) expect(spent).toBeLessThanOrEqual(own);
      expect((await tenants.find('acme')).usage.tokens).toBe(paid);
      expect(await redis.exists(reservations, redisKeys.leases('c1'), redisKeys.leases('c2'), redisKeys.leases('c3'))).toBe(0);
    }), { numRuns: 40 });
  });
});
