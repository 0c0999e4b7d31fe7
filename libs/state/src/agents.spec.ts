import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { redisKeys } from '@cascade/contracts';
import { redisTime } from '@cascade/streams';
import { MemoryRun, startTestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { Agents, AGENT_GRACE_MS } from './agents.js';
import { readDue } from './deadlines.js';

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;
let agents: Agents;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  agents = new Agents(redis);
});
beforeEach(() => redis.flushall());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const hour = 3_600_000;

/** A cascade with so much time left, in milliseconds; gives its deadline. */
async function cascade(id: string, leftMs: number): Promise<number> {
  const deadline = await redisTime(redis) + leftMs;
  await redis.hset(redisKeys.cascade(id), { state: 'running', deadline: new Date(deadline).toISOString() });
  await redis.zadd(redisKeys.deadlines, deadline, id);
  return deadline;
}
const register = (id: string, more: { ttlMs?: number } = {}): Promise<string> => agents.register(new MemoryRun({ cascadeId: id }), { tier: 0, folder: 'docs', ...more });
const score = async (id: string): Promise<number> => Number(await redis.zscore(redisKeys.deadlines, `agent:${id}`));
const stateOf = (id: string): Promise<string | null> => redis.hget(redisKeys.agent(id), 'state');

describe('an agent\'s deadline', () => {
  it('is its cascade\'s, and never later', async () => {
    const deadline = await cascade('c1', hour);
    const [own, longer] = [await register('c1'), await register('c1', { ttlMs: 5 * hour })];
    expect([await score(own), await score(longer)]).toEqual([deadline, deadline]);
    expect(await redis.hget(redisKeys.agent(own), 'expires_at')).toBe(new Date(deadline).toISOString());
    expect(await redis.pexpiretime(redisKeys.agent(own))).toBe(deadline + AGENT_GRACE_MS);
  });

  it('is earlier when it was given less time', async () => {
    const deadline = await cascade('c1', 5 * hour);
    const id = await register('c1', { ttlMs: hour });
    expect(await score(id)).toBeLessThan(deadline - 3 * hour);
    expect(await redis.hget(redisKeys.agent(id), 'ttl_ms')).toBe(String(hour));
  });

  it('once passed, takes it off the list of live ones, and shows it as expired', async () => {
    await cascade('c1', hour);
    const id = await register('c1', { ttlMs: -1 });
    const [due] = (await readDue(redis)).deadlines;
    expect(due).toMatchObject({ kind: 'agent', id, hasOwnTime: true });
    expect([await agents.expire(id, due!.deadline), await agents.expire(id, due!.deadline)]).toEqual([true, false]);
    expect([await redis.scard(redisKeys.activeAgents), await stateOf(id), (await readDue(redis)).deadlines]).toEqual([0, 'expired', []]);
  });

  it('that moved since it was read expires nothing', async () => {
    const deadline = await cascade('c1', hour);
    const id = await register('c1');
    await agents.follow(id, deadline + hour);
    expect([await agents.expire(id, deadline), await stateOf(id), await score(id)]).toEqual([false, 'active', deadline + hour]);
  });

  it('is gone with the agent', async () => {
    await cascade('c1', hour);
    const id = await register('c1');
    await agents.retire(id);
    expect([await redis.zcard(redisKeys.deadlines), await stateOf(id)]).toEqual([1, 'ended']);
    await agents.follow(id, 1);
    expect(await redis.zcard(redisKeys.deadlines)).toBe(1);
  });

  it('is not mistaken for a cascade\'s that has such a name', async () => {
    await cascade('agent:x', -1);
    expect((await readDue(redis)).deadlines).toMatchObject([{ kind: 'cascade', id: 'agent:x', state: 'running' }]);
  });
});
