import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { streamKeys } from '@cascade/contracts';
import { removeTemporaryFolders, startTestRedis, temporaryFolder, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { deploymentCheckers, presenceFaults, settingFaults } from './deployment-checks.js';

let server: TestRedis;
let redis: Redis;

beforeAll(async () => {
  server = await startTestRedis({ persistent: true });
  redis = new Redis(server.url);
});
afterEach(() => redis.flushall());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
  removeTemporaryFolders();
});

const check = (name: string, env: NodeJS.ProcessEnv = {}): Promise<unknown> => deploymentCheckers({ REDIS_URL: server.url, CASCADE_HOME: temporaryFolder('home'), ...env })[name]!();

describe('the settings of Redis', () => {
  it('are right where nothing is evicted and an append-only file is kept', async () => {
    await redis.config('SET', 'maxmemory-policy', 'noeviction');
    expect(await check('settings')).toEqual({ ok: true, detail: 'nothing is evicted, and an append-only file is kept' });
  });

  it('are named one by one where they lose events', async () => {
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await redis.config('SET', 'appendonly', 'no');
    await redis.config('SET', 'maxmemory', '1gb');
    expect(await check('settings')).toEqual({ ok: false, detail: expect.stringMatching(/allkeys-lru.*noeviction\); appendonly is off[^;]*$/), advice: expect.any(String) });
    await redis.config('SET', 'maxmemory', '0');
  });

  it('include what is about to go wrong', () => {
    const info = new Map([['maxmemory_policy', 'noeviction'], ['aof_enabled', '1'], ['aof_last_write_status', 'err'], ['used_memory', '90'], ['maxmemory', '100']]);
    expect(settingFaults(info)).toEqual([expect.stringContaining('cannot be written'), '90 % of maxmemory are used']);
  });
});

it('compares Redis\' clock with this one', async () => {
  expect(await check('clock')).toEqual({ ok: true, detail: expect.stringMatching(/^\d+ ms between/) });
});

describe('the services', () => {
  it('are named that have never started here, and that nobody runs; what runs is told', async () => {
    const groups = { 'cascade.requested': 'agent-00-stories', 'stories.approved': 'agent-10-specs', 'spec.ready': 'agent-20-programs', 'programs.ready': 'agent-30-execution', 'git.commit': 'git-worker', 'docs.search': 'docs-indexer' };
    for (const [type, service] of Object.entries(groups)) await redis.xgroup('CREATE', streamKeys.stream(type, 'NORMAL'), service, '0', 'MKSTREAM');
    await redis.xgroup('CREATECONSUMER', streamKeys.stream('spec.ready', 'NORMAL'), 'agent-20-programs', 'one that was killed');
    const living = new Map<string, Redis>();
    for (const service of [...Object.values(groups), 'supervisor']) living.set(service, new Redis(server.url, { connectionName: `${service}-host-1-ab-waiting` }));
    for (const connection of living.values()) await connection.ping();
    expect(await check('services')).toEqual({ ok: false, detail: 'never started on this Redis: supervisor', advice: expect.stringContaining('docker compose logs') });
    await redis.xgroup('CREATE', streamKeys.stream('cascade.failed', 'NORMAL'), 'supervisor', '0', 'MKSTREAM');
    expect(await check('services')).toEqual({ ok: true, detail: 'all wait for work: agent-00-stories, agent-10-specs, agent-20-programs, agent-30-execution, docs-indexer, git-worker, supervisor' });
    for (const service of ['agent-20-programs', 'docs-indexer']) await living.get(service)!.quit();
    expect(await check('services')).toMatchObject({ ok: false, detail: expect.stringMatching(/^no process of agent-20-programs is connected, the last one took its last work \d s ago; no process of docs-indexer is connected$/) });
    for (const connection of living.values()) connection.disconnect();
  });

  it('are named that hang, or are away in one partition alone', () => {
    const at = (silentMs?: number, lastWorkMs?: number) => new Map([['supervisor', { silentMs, lastWorkMs }]]);
    expect(presenceFaults(['supervisor'], [at(1_000), at(2_000)])).toEqual([]);
    expect(presenceFaults(['supervisor'], [at(1_000), at(61_000, 5)])).toEqual(['supervisor hangs: it last asked for work 61 s ago']);
    expect(presenceFaults(['supervisor'], [at(1_000), at(undefined, 600_000)])).toEqual(['no process of supervisor is connected, the last one took its last work 10 min ago']);
    expect(presenceFaults(['supervisor'], [at(1_000), new Map()])).toEqual(['never started on this Redis: supervisor']);
  });
});

it('tells of events that wait for long and of dead letters', async () => {
  expect(await check('events')).toMatchObject({ ok: true });
  const stream = streamKeys.stream('spec.ready', 'NORMAL');
  await redis.xgroup('CREATE', stream, 'agent-20-programs', '0', 'MKSTREAM');
  await redis.xadd(stream, `${Date.now() - 120_000}-0`, 'type', 'spec.ready');
  await redis.xadd(streamKeys.deadLetters('agent-20-programs'), '*', 'type', 'spec.ready');
  expect(await check('events')).toMatchObject({ ok: false, detail: expect.stringMatching(/^1 of stream:spec\.ready wait for agent-20-programs, the oldest for 1\d\d s; 1 dead letters of agent-20-programs$/) });
});

it('finds folders that cannot be written or made', async () => {
  expect(await check('folders')).toMatchObject({ ok: true });
  const file = join(temporaryFolder('file'), 'file');
  writeFileSync(file, '');
  expect(await check('folders', { CASCADE_STORE: join(file, 'store') })).toMatchObject({ ok: false, detail: `cannot be written: CASCADE_STORE (${file}/store)` });
});
