import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cascadeRequested, redisKeys, type DataOf, type EventOf } from '@cascade/contracts';
import { startTestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { Cascades } from './cascades.js';

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;
let cascades: Cascades;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  cascades = new Cascades(redis);
});
beforeEach(() => redis.flushall());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const time = '2026-01-02T03:00:00.000Z';
const requested = (id: string, data: Partial<DataOf<typeof cascadeRequested>> = {}): EventOf<typeof cascadeRequested> => ({
  id, type: 'cascade.requested', source: 'urn:test', time, cascadeId: id, dataschema: cascadeRequested.dataschema,
  data: { request: 'Add a thing', repository: '/srv/shop', ...data },
});

describe('a cascade\'s record', () => {
  it('is created once, with its deadline', async () => {
    const first = await cascades.accept(requested('c1', { deadlineMinutes: 10, budget: { tokens: 1000 } }));
    const second = await cascades.accept(requested('c1', { deadlineMinutes: 99, request: 'other' }));
    expect(first).toMatchObject({ id: 'c1', state: 'running', request: 'Add a thing', deadline: '2026-01-02T03:10:00.000Z', budget: { tokens: 1000 } });
    expect(second).toEqual(first);
    expect(await cascades.due(Date.parse('2026-01-02T03:09:59.999Z'))).toEqual([]);
    expect(await cascades.due(Date.parse('2026-01-02T03:10:00.000Z'))).toEqual(['c1']);
  });

  it('leaves the list long after its record has expired', async () => {
    await cascades.accept({ ...requested('ancient'), time: '2025-01-01T00:00:00.000Z' });
    await cascades.accept(requested('new'));
    expect(await redis.zrange(redisKeys.cascades, 0, '-1')).toEqual(['new']);
  });

  it('is listed newest first, and an unknown id is an error that says what to do', async () => {
    await cascades.accept({ ...requested('old'), time: '2026-01-01T00:00:00.000Z' });
    await cascades.accept(requested('new'));
    expect((await cascades.list()).map((record) => record.id)).toEqual(['new', 'old']);
    await expect(cascades.require('nope')).rejects.toMatchObject({ code: 'CASC_CASCADE_UNKNOWN', advice: expect.stringContaining('cascade list') });
  });
});

describe('ending a cascade', () => {
  it('happens once, however many try at the same time, and publishes one terminal event', async () => {
    await cascades.accept(requested('c1'));
    expect((await cascades.travelOf('c1')).deadlineMs).toBeGreaterThan(0);
    const results = await Promise.all([cascades.timeOut('c1', time), cascades.cancel('c1', 'no'), cascades.timeOut('c1', time), cascades.cancel('c1', 'no')]);
    expect(results.filter((result) => result === 'ended')).toHaveLength(1);
    const published = (await Promise.all(['cascade.timed_out', 'cascade.cancelled'].map((type) => redis.xlen(redisKeys.stream(type))))).reduce((a, b) => a + b);
    expect(published).toBe(1);
    expect(await cascades.due(Number.MAX_SAFE_INTEGER)).toEqual([]);
    expect((await cascades.travelOf('c1')).deadlineMs).toBeUndefined();
    expect(await cascades.cancel('unknown', 'x')).toBe('unknown');
  });

  it('leaves its clean-up\'s commands in the lane that the request named', async () => {
    await cascades.accept({ ...requested('c1'), data: { ...requested('c1').data, priority: 'HIGH' } });
    expect(await cascades.travelOf('c1')).toMatchObject({ priority: 'HIGH' });
    await cascades.cancel('c1', 'no');
    expect(await cascades.travelOf('c1')).toEqual({ priority: 'HIGH' });
    await cascades.accept(requested('c2'));
    expect(Object.keys(await cascades.travelOf('c2'))).toEqual(['deadlineMs']);
  });

  it('tells why in the record', async () => {
    await cascades.accept(requested('c1'));
    await cascades.timeOut('c1', time);
    expect(await cascades.find('c1')).toMatchObject({ state: 'timed_out', problem: { code: 'CASC_DEADLINE_PASSED' } });
  });
});

describe('epic numbers', () => {
  it('are never given twice, and a cascade keeps its own', async () => {
    const given = await Promise.all(['a', 'b', 'c', 'd'].map((id) => cascades.reserveEpic('shop', id, 3)));
    expect(given.toSorted((a, b) => a - b)).toEqual([3, 4, 5, 6]);
    expect(await cascades.reserveEpic('shop', 'b', 3)).toBe(given[1]);
    expect(await cascades.reserveEpic('other', 'z', 1)).toBe(1);
  });
});
