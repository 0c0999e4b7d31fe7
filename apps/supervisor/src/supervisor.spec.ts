import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cascadeCleaned, cascadeRequested, redisKeys, type EventOf } from '@cascade/contracts';
import { HostConfig, startService, type RunningService } from '@cascade/service-host';
import { Agents, CascadeRuns, Cascades } from '@cascade/state';
import { MemoryRun, startTestRedis, untilTrue } from '@cascade/testing';
import { Redis } from 'ioredis';
import { service } from './index.js';
import { git, GitStandIn } from './testing/git-stand-in.js';

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;
let cascades: Cascades;
let running: RunningService[];

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  cascades = new Cascades(redis);
});
beforeEach(async () => {
  await redis.flushall();
  git.reset();
  const config = new HostConfig(server.url, '/nowhere', '/nowhere', 2, 5000, undefined);
  running = await Promise.all([
    startService(service, config),
    startService({ name: 'git-worker', module: GitStandIn }, config),
  ]);
});
afterEach(() => Promise.all(running.map((one) => one.stop())));
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const accept = (id: string, minutes: number): Promise<unknown> => cascades.accept({
  id, type: 'cascade.requested', source: 'urn:test', time: new Date().toISOString(), cascadeId: id, dataschema: cascadeRequested.dataschema,
  data: { request: 'r', repository: '/srv/shop', deadlineMinutes: minutes },
} as EventOf<typeof cascadeRequested>);

/** The next entry of a stream, waited for by Redis itself. */
async function next(type: string): Promise<string[]> {
  const reader = redis.duplicate();
  const answer = await reader.xread('COUNT', 1, 'BLOCK', 120_000, 'STREAMS', redisKeys.stream(type), '0');
  reader.disconnect();
  return answer?.[0]?.[1][0]?.[1] ?? [];
}

describe('supervisor', () => {
  it('ends a cascade whose deadline passes while nobody works on it, and cleans up', async () => {
    await accept('late', 0.01);
    expect(await next('cascade.timed_out')).toContain('late');
    expect(await next(cascadeCleaned.type)).toContain('{"undone":1,"kept":0}');
    expect(git.undone).toEqual(['rest']);
    expect(await cascades.find('late')).toMatchObject({ state: 'timed_out' });
    expect(await redis.pttl(redisKeys.cascade('late'))).toBeGreaterThan(29 * 24 * 3_600_000);
  });

  it('leaves a cascade alone whose deadline has not come', async () => {
    await accept('early', 60);
    await accept('late', 0.001);
    await next(cascadeCleaned.type);
    expect(await cascades.find('early')).toMatchObject({ state: 'running' });
  });

  it.each([2, -2])('goes by the clock of Redis when its own jumps by %i h', async (hours) => {
    const now = Date.now;
    Date.now = () => now() + hours * 3_600_000;
    try {
      await accept('early', 60);
      await accept('late', 0.001);
      await next(cascadeCleaned.type);
      expect([(await cascades.find('early'))?.state, (await cascades.find('late'))?.state]).toEqual(['running', 'timed_out']);
      expect(await redis.xlen(redisKeys.stream('cascade.timed_out'))).toBe(1);
    } finally {
      Date.now = now;
    }
  });

  it('shows an agent as expired whose own time is over, while its cascade goes on', async () => {
    await accept('c1', 60);
    const id = await new Agents(redis).register(new MemoryRun({ cascadeId: 'c1' }), { tier: 0, folder: 'docs', ttlMs: 1 });
    await untilTrue(async () => await redis.hget(redisKeys.agent(id), 'state') === 'expired', 'the agent to expire', 60_000);
    expect(await redis.smembers(redisKeys.activeAgents)).toEqual([]);
    expect(await cascades.find('c1')).toMatchObject({ state: 'running' });
  });

  it('takes the agents of a cancelled cascade off the list of live ones', async () => {
    await accept('c1', 60);
    const runs = new CascadeRuns(redis, 'agent-00-stories');
    const { run, close } = await runs.open({ id: 'e', type: 'cascade.requested', source: 's', time: '', cascadeId: 'c1', dataschema: '', data: {} }, undefined, new AbortController().signal);
    await new Agents(redis).register(run, { tier: 0, folder: 'docs' });
    close();
    runs.close();
    await cascades.cancel('c1', 'not needed');
    await next(cascadeCleaned.type);
    expect(await redis.smembers(redisKeys.activeAgents)).toEqual([]);
    expect(await cascades.find('c1')).toMatchObject({ state: 'cancelled', problem: { message: 'not needed' } });
  });
});
