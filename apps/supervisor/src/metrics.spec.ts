import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { redisKeys, storiesApproved } from '@cascade/contracts';
import { HostConfig, startService } from '@cascade/service-host';
import { Leadership } from '@cascade/state';
import { redisTime } from '@cascade/streams';
import { startTestRedis, untilTrue } from '@cascade/testing';
import { Redis } from 'ioredis';
import { countDeadlinesAtRisk, isAtRisk } from './deadlines-at-risk.js';
import { service } from './index.js';
import { metricDefinitions } from './metric-definitions.js';
import { Metrics } from './metrics.js';
import { MetricsServer } from './metrics-server.js';

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
const config = (port?: number): HostConfig => new HostConfig(server.url, '/nowhere', '/nowhere', 2, 5_000, undefined, 5, undefined, 'fail', '/nowhere', 1, port);

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
    expect(await countDeadlinesAtRisk(redis)).toBe(2);
    expect(isAtRisk({ createdAt: 0, deadline: 100 * minute, tier: 2 }, 91 * minute)).toBe(true);
  });
});

describe('GET /metrics', () => {
  it('gives every metric, with what waits for each service now', async () => {
    const metrics = new Metrics(redis, new Leadership(redis, 'supervisor'));
    const web = new MetricsServer(config(0), metrics, redis);
    await web.onModuleInit();
    await redis.xgroup('CREATE', redisKeys.stream(storiesApproved.type), 'agent-10-specs', '0', 'MKSTREAM');
    await redis.xadd(redisKeys.stream(storiesApproved.type), '*', 'type', storiesApproved.type);
    await redis.zadd(redisKeys.delayed('agent-10-specs'), 1, 'x');
    await redis.hset(redisKeys.cascade('c1'), 'state', 'failed');
    await redis.sadd(redisKeys.parkedCleanUps, redisKeys.cascade('c1'), redisKeys.cascade('expired'));
    const response = await fetch(`http://127.0.0.1:${web.port}/metrics`);
    const text = await response.text();
    expect(response.headers.get('content-type')).toContain('text/plain');
    for (const { name } of Object.values(metricDefinitions)) expect(text).toContain(`# TYPE ${name} gauge\n${name}`);
    expect(text).toContain('cascade_stream_group_lag{stream="stream:stories.approved",group="agent-10-specs"} 1\n');
    expect(text).toContain('cascade_delayed_retries{service="agent-10-specs"} 1\n');
    expect(text).toContain('cascade_parked_clean_ups 1\n');
    await redis.del(redisKeys.stream(storiesApproved.type));
    expect(await metrics.read()).not.toContain('agent-10-specs');
    expect((await fetch(`http://127.0.0.1:${web.port}/`)).status).toBe(404);
    await web.onApplicationShutdown();
  });

  it('says when its port is taken', async () => {
    const [one, metrics] = [new MetricsServer(config(0), new Metrics(redis, new Leadership(redis, 'supervisor')), redis), new Metrics(redis, new Leadership(redis, 'supervisor'))];
    await one.onModuleInit();
    await expect(new MetricsServer(config(one.port), metrics, redis).onModuleInit()).rejects.toMatchObject({ code: 'CASC_METRICS_PORT_TAKEN' });
    await one.onApplicationShutdown();
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
