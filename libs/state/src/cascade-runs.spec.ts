import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { asCascadeError, cascadeRequested, redisKeys, type CascadeEvent, type EventOf } from '@cascade/contracts';
import { startTestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { Agents } from './agents.js';
import { CascadeRuns } from './cascade-runs.js';
import { Cascades } from './cascades.js';

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;
let cascades: Cascades;
let runs: CascadeRuns;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  cascades = new Cascades(redis);
});
beforeEach(async () => {
  await redis.flushall();
  runs = new CascadeRuns(redis, 'agent-10-specs');
});
afterEach(() => runs.close());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const open = new AbortController();
const event = (type = 'stories.approved'): CascadeEvent => ({ id: 'e1', type, source: 'urn:test', time: new Date().toISOString(), cascadeId: 'c1', dataschema: 'd', data: {} });
const accept = (minutes = 60): Promise<unknown> => cascades.accept({
  ...event('cascade.requested'), data: { request: 'r', repository: '/srv/shop', deadlineMinutes: minutes },
} as EventOf<typeof cascadeRequested>);
const aborted = (signal: AbortSignal): Promise<unknown> => new Promise((resolve) => {
  if (signal.aborted) resolve(signal.reason);
  signal.addEventListener('abort', () => resolve(signal.reason));
});

describe('a run\'s signal', () => {
  it('aborts when somebody cancels the cascade', async () => {
    await accept();
    const { run, close } = await runs.open(event(), undefined, open.signal);
    expect(run.signal.aborted).toBe(false);
    await cascades.cancel('c1', 'changed my mind');
    expect(asCascadeError(await aborted(run.signal)).kind).toBe('cancelled');
    await expect(run.step('late', async () => 1)).rejects.toMatchObject({ kind: 'cancelled' });
    close();
  });

  it('aborts when the deadline passes', async () => {
    await accept(0.002);
    const { run, close } = await runs.open(event(), undefined, open.signal);
    expect(asCascadeError(await aborted(run.signal)).message).toContain('deadline');
    close();
  });

  it('is aborted from the start when the cascade has ended, except for the events after the end', async () => {
    await accept();
    await cascades.cancel('c1', 'x');
    const late = await runs.open(event(), undefined, open.signal);
    const cleanUp = await runs.open(event('cascade.cancelled'), undefined, open.signal);
    expect([late.run.signal.aborted, cleanUp.run.signal.aborted]).toEqual([true, false]);
    late.close();
  });
});

describe('what an event\'s end means for its cascade', () => {
  it('a terminal error fails it, with the code in the record and in the event', async () => {
    const outcome = await runs.failed(event(), { code: 'CASC_X', kind: 'terminal', message: 'no' });
    expect(outcome?.save).toEqual([expect.objectContaining({ key: 'cascade:c1', fields: expect.objectContaining({ state: 'failed' }), unscoreIn: { key: 'deadlines', member: 'c1' } })]);
    expect(outcome?.publish.map((one) => [one.definition.type, one.data])).toEqual([['cascade.failed', { service: 'agent-10-specs', problem: { code: 'CASC_X', message: 'no' } }]]);
  });

  it('a wait before another attempt is told to whoever watches, unless it is too short to notice', async () => {
    const problem = { kind: 'retryable', code: 'CASC_REPOSITORY_UNREACHABLE', message: 'The repository cannot be reached.' } as const;
    await runs.retrying(event(), problem, 200);
    await runs.retrying(event('cascade.failed'), problem, 5_000);
    await runs.retrying(event(), problem, 5_000);
    const lines = (await redis.xrange(redisKeys.timeline('c1'), '-', '+')).map(([, fields]) => fields.at(-1));
    expect(lines).toEqual([JSON.stringify({ kind: 'notice', text: 'The repository cannot be reached; again in 5 s' })]);
  });

  it('a failing clean-up does not change how the cascade ended', async () => {
    expect(await runs.failed(event('cascade.completed'), { code: 'CASC_X', kind: 'terminal', message: 'no' })).toBeUndefined();
    expect(runs.fence(event('cascade.completed'))).toBeUndefined();
    expect(runs.fence(event())).toMatchObject({ key: 'cascade:c1', field: 'state' });
  });
});

describe('effects and agents', () => {
  it('record how to undo an effect before it is tried', async () => {
    await accept();
    const { run, close } = await runs.open(event(), undefined, open.signal);
    await expect(run.effect({ kind: 'git.workspace', key: 'T001', undo: { repositoryId: 'shop' } }, async () => {
      expect(await redis.hget(redisKeys.effects('c1'), 'git.workspace:T001')).toContain('"repositoryId":"shop"');
      throw new RangeError('boom');
    })).rejects.toThrow('boom');
    expect(await redis.hexists(redisKeys.effects('c1'), 'git.workspace:T001')).toBe(1);
    close();
  });

  it('register an agent with its parent and expiry, and retire it at the end', async () => {
    await accept();
    const { run, close } = await runs.open(event(), undefined, open.signal);
    const agents = new Agents(redis);
    const id = await agents.register(run, { tier: 1, folder: 'specs/001-x' });
    expect(await redis.hgetall(redisKeys.agent(id))).toMatchObject({ tier: '1', parent: 'c1-00', folder: 'specs/001-x', state: 'active' });
    expect(await redis.pttl(redisKeys.agent(id))).toBeGreaterThan(0);
    expect(await redis.smembers(redisKeys.activeAgents)).toEqual([id]);
    await agents.retire(id);
    expect(await redis.smembers(redisKeys.activeAgents)).toEqual([]);
    close();
  });
});
