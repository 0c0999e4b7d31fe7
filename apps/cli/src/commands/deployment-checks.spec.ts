import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { streamKeys } from '@cascade/contracts';
import { removeTemporaryFolders, startTestRedis, temporaryFolder, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { deploymentCheckers, settingFaults } from './deployment-checks.js';

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

it('names the services that have never started here', async () => {
  for (const [type, service] of [['cascade.requested', 'agent-00-stories'], ['stories.approved', 'agent-10-specs'], ['spec.ready', 'agent-20-programs'], ['programs.ready', 'agent-30-execution'], ['git.commit', 'git-worker']] as const) {
    await redis.xgroup('CREATE', streamKeys.stream(type, 'NORMAL'), service, '0', 'MKSTREAM');
  }
  expect(await check('services')).toMatchObject({ ok: false, detail: 'never started on this Redis: supervisor' });
  await redis.xgroup('CREATE', streamKeys.stream('cascade.failed', 'NORMAL'), 'supervisor', '0', 'MKSTREAM');
  expect(await check('services')).toMatchObject({ ok: true });
});

it('tells of events that wait for long and of dead letters', async () => {
  expect(await check('events')).toMatchObject({ ok: true });
  const stream = streamKeys.stream('spec.ready', 'NORMAL');
  await redis.xgroup('CREATE', stream, 'agent-20-programs', '0', 'MKSTREAM');
  await redis.xadd(stream, `${Date.now() - 120_000}-0`, 'type', 'spec.ready');
  await redis.xadd(streamKeys.deadLetters('agent-20-programs'), '*', 'type', 'spec.ready');
  expect(await check('events')).toMatchObject({ ok: false, detail: expect.stringMatching(/^1 of stream:spec\.ready wait for agent-20-programs, the oldest for 12\d s; 1 dead letters of agent-20-programs$/) });
});

it('finds folders that cannot be written or made', async () => {
  expect(await check('folders')).toMatchObject({ ok: true });
  const file = join(temporaryFolder('file'), 'file');
  writeFileSync(file, '');
  expect(await check('folders', { CASCADE_STORE: join(file, 'store') })).toMatchObject({ ok: false, detail: `cannot be written: CASCADE_STORE (${file}/store)` });
});

it('asks GitHub only where it is connected', async () => {
  expect(await check('github')).toMatchObject({ ok: true, detail: expect.stringContaining('not connected') });
});
