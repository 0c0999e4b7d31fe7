import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { redisKeys, storiesApproved } from '@cascade/contracts';
import { HostConfig, OpsServer, startService } from '@cascade/service-host';
import { Leadership } from '@cascade/state';
import { redisTime } from '@cascade/streams';
import { supervisorMetrics } from '@cascade/telemetry';
import { startTestRedis, untilTrue } from '@cascade/testing';
import { Redis } from 'ioredis';
import { isAtRisk } from './deadlines-at-risk.js';
import { readOpenRuns } from './open-runs.js';
import { service } from './index.js';
import { SupervisorGauges } from './supervisor-gauges.js';

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url, { enableAutoPipelining: true });
});
beforeEach(() => redis.flushall());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const minute = 60_000;
const config = (): HostConfig => new HostConfig(server.url, '/nowhere', '/nowhere', 2, 5_000, undefined);

async function cascade(id: string, more: { leftMs: number; totalMs: number; tier?: number; state?: string }): Promise<void> {
  const deadline = await redisTime(redis) + more.leftMs;
  await redis.hset(redisKeys.cascade(id), { state: more.state ?? 'running', deadline: new Date(deadline).toISOString(), created_at: new Date(deadline - more.totalMs).toISOString(), tier: more.tier ?? 0 });
  await redis.zadd(redisKeys.deadlines, deadline, id);
}

describe('deadlines at risk', () => {
  it('are those with little time left, before the last tier', async () => {
    await cascade('little', { leftMs: 4 * minute, totalMs: 20 * minute });
    await cascade('tenth', { leftMs: 50 * minute, totalMs: 600 * minute });
    await cascade('enough', { leftMs: 50 * minute, totalMs: 60 * minute });
    await cascade('last-tier', { leftMs: minute, totalMs: 60 * minute, tier: 3 });
    await cascade('waits', { leftMs: minute, totalMs: 60 * minute, state: 'waiting' });
    await redis.zadd(redisKeys.deadlines, 1, 'agent:enough-00');
    expect((await readOpenRuns(redis)).atRisk).toBe(2);
    expect(isAtRisk({ createdAt: 0, deadline: 100 * minute, tier: 2 }, 91 * minute)).toBe(true);
  });
});

describe('GET /metrics of a supervisor', () => {
  it('gives every gauge of every partition, with what waits for each service now', async () => {
    const other = new Redis(server.url, { keyPrefix: '{p01}:', enableAutoPipelining: true });
    const two = new HostConfig(server.url, '/nowhere', '/nowhere', 2, 5_000, undefined, 5, undefined, 'fail', '/nowhere', 2);
    const first = new Redis(server.url, { keyPrefix: '{p00}:', enableAutoPipelining: true });
    const gauges = [first, other].map((partition) => new SupervisorGauges(two, partition, new Leadership(partition, 'supervisor')));
    const web = await OpsServer.start(0, () => ({ phase: 'running', healths: [] }));
    const read = async (): Promise<string> => (await fetch(`http://127.0.0.1:${web.port}/metrics`)).text();
    for (const one of gauges) one.onModuleInit();
    for (const partition of [first, other]) await partition.xgroup('CREATE', redisKeys.stream(storiesApproved.type), 'agent-10-specs', '0', 'MKSTREAM');
    await first.xadd(redisKeys.stream(storiesApproved.type), '*', 'type', storiesApproved.type);
    await first.zadd(redisKeys.delayed('agent-10-specs'), 1, 'x');
    await other.hset(redisKeys.cascade('c1'), 'state', 'failed');
    await other.sadd(redisKeys.parkedCleanUps, redisKeys.cascade('c1'), redisKeys.cascade('expired'));
    const text = await read();
    for (const { name } of Object.values(supervisorMetrics)) expect(text).toContain(`# TYPE ${name} gauge\n${name}`);
    expect(text).toContain('cascade_stream_group_lag{partition="0",stream="stream:stories.approved",group="agent-10-specs"} 1\n');
    expect(text).toContain('cascade_stream_group_lag{partition="1",stream="stream:stories.approved",group="agent-10-specs"} 0\n');
    expect(text).toContain('cascade_delayed_retries{partition="0",group="agent-10-specs"} 1\n');
    expect(text).toContain('cascade_parked_clean_ups{partition="1"} 1\n');
    await Promise.all([first, other].map((partition) => partition.del(redisKeys.stream(storiesApproved.type))));
    expect(await read()).not.toContain('agent-10-specs');
    for (const one of gauges) one.onApplicationShutdown();
    expect(await read()).not.toContain('cascade_supervisor_leader{');
    web.close();
    for (const partition of [first, other]) partition.disconnect();
  });
});

it('moves due retries of services that do not run', async () => {
  await redis.xgroup('CREATE', redisKeys.stream(storiesApproved.type), 'agent-10-specs', '0', 'MKSTREAM');
  await redis.zadd(redisKeys.delayed('agent-10-specs'), 1, JSON.stringify(['type', 'stories.approved', 'data', '{}']));
  const running = await startService(service, config());
  await untilTrue(async () => await redis.xlen(redisKeys.retries('agent-10-specs')) === 1, 'the retry', 60_000);
  expect(await redis.zcard(redisKeys.delayed('agent-10-specs'))).toBe(0);
  await running.stop();
});
