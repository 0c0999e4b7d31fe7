import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cascadeCancelled, cascadeCleaned, cascadeCleanUpParked, cascadeCleanUpRequested, cascadeCompleted, cascadeRequested, redisKeys, type Effect, type EventOf } from '@cascade/contracts';
import { HostConfig, startService, type RunningService } from '@cascade/service-host';
import { Agents, Cascades, Effects } from '@cascade/state';
import { EventPublisher } from '@cascade/streams';
import { startTestRedis, untilTrue } from '@cascade/testing';
import { Redis } from 'ioredis';
import { service } from './index.js';
import { git, GitStandIn } from './testing/git-stand-in.js';

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;
let cascades: Cascades;
let effects: Effects;
let publisher: EventPublisher;
let running: RunningService[];
let children: ChildProcess[];

const config = (): HostConfig => new HostConfig(server.url, '/nowhere', '/nowhere', 2, 5_000, undefined);
const impatient = { ...service, retryDelays: { default: [10], CASC_CLEAN_UP_UNFINISHED: [10, 10, 10] } };
const startSupervisor = async (): Promise<void> => void running.push(await startService(impatient, config()));

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  cascades = new Cascades(redis);
  effects = new Effects(redis);
  publisher = new EventPublisher({ redis: server });
});
beforeEach(async () => {
  await redis.flushall();
  git.reset();
  children = [];
  running = [await startService({ name: 'git-worker', module: GitStandIn }, config())];
  await cascades.accept({
    id: 'c1', type: 'cascade.requested', source: 'urn:test', time: new Date().toISOString(), cascadeId: 'c1', dataschema: cascadeRequested.dataschema, data: { request: 'r', repository: '/srv/shop' },
  } as EventOf<typeof cascadeRequested>);
  for (const effect of done) await effects.record('c1', effect);
  await redis.sadd(redisKeys.activeAgents, Agents.idOf('c1', 0));
});
afterEach(async () => {
  await Promise.all([...children.map(kill), ...running.map((one) => one.stop())]);
});
afterAll(async () => {
  await publisher.close();
  redis.disconnect();
  await server.stop();
});

const commit = 'a'.repeat(40);
const done: readonly Effect[] = [
  { kind: 'agent', key: 'c1-00', undo: {} },
  { kind: 'git.repository', key: '/srv/shop', undo: {} },
  { kind: 'git.workspace', key: 'T001', undo: { repositoryId: 'shop' } },
  { kind: 'git.workspace', key: 'T002', undo: { repositoryId: 'shop' } },
  { kind: 'git.branch', key: 'cascade/1-shop', undo: { repositoryId: 'shop', commit } },
];

const push: Effect = { kind: 'git.push', key: `cascade/1-shop@${commit}`, undo: { repositoryId: 'shop', commit, branch: 'cascade/1-shop', remote: 'https://github.com/me/shop' } };

/** A supervisor that can be killed. */
function spawnSupervisor(): ChildProcess {
  const loader = fileURLToPath(new URL('../../../libs/streams/src/testing/typescript-loader.mjs', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@cascade/source', '--no-warnings', '--import', loader, fileURLToPath(new URL('./main.ts', import.meta.url))], {
    env: { PATH: process.env['PATH'], REDIS_URL: server.url, CASCADE_CLAIM_IDLE_MS: '300' }, stdio: ['ignore', 'ignore', 'inherit'],
  });
  children.push(child);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** The payload of entry number `index` of a stream, waited for by Redis itself. */
async function told(type: string, index = 0): Promise<unknown> {
  await untilTrue(async () => await redis.xlen(redisKeys.stream(type)) > index, type, 60_000);
  const [, fields = []] = (await redis.xrange(redisKeys.stream(type), '-', '+'))[index] ?? [];
  return JSON.parse(fields[fields.indexOf('data') + 1] ?? '');
}

const states = async (): Promise<Record<string, string>> => Object.fromEntries((await effects.list('c1')).map(({ field, progress }) => [field, progress.state]));

describe('a clean-up', () => {
  it('takes everything back, the last effect first', async () => {
    await effects.record('c1', push);
    await startSupervisor();
    await cascades.cancel('c1', 'not needed');
    expect(await told(cascadeCleaned.type)).toEqual({ undone: 7, kept: 0 });
    expect(git.undone).toEqual(['cascade/1-shop', 'cascade/1-shop', 'T002', 'T001', 'repository', 'rest']);
    expect(await redis.smembers(redisKeys.activeAgents)).toEqual([]);
    expect(await cascades.find('c1')).toMatchObject({ state: 'cancelled', cleanUp: 'done' });
    expect(await redis.pttl(redisKeys.effects('c1'))).toBeGreaterThan(29 * 24 * 3_600_000);
  });

  it('keeps the branch of a cascade that is complete', async () => {
    await effects.record('c1', push);
    await startSupervisor();
    await redis.hset(redisKeys.cascade('c1'), 'state', 'completed');
    const summary = { branch: 'cascade/1-shop', commitSha: commit, stories: [], tasks: [], featureDirectory: 'specs/001-shop', gate: 'PASS' as const };
    await publisher.publish(cascadeCompleted, { summary }, { cascadeId: 'c1' });
    expect(await told(cascadeCleaned.type)).toEqual({ undone: 5, kept: 2 });
    expect(git.undone).toEqual(['T002', 'T001', 'repository', 'rest']);
  });

  it('does nothing when it is asked for twice', async () => {
    await startSupervisor();
    await cascades.cancel('c1', 'x');
    await told(cascadeCleaned.type);
    await publisher.publish(cascadeCancelled, { reason: 'x' }, { cascadeId: 'c1' });
    await told(cascadeCleaned.type, 1);
    expect(git.undone).toHaveLength(5);
  });

  it('is continued where a killed supervisor left it, and repeats nothing', async () => {
    const { promise: release, resolve: letGo } = Promise.withResolvers<void>();
    const { promise: reached, resolve: isReached } = Promise.withResolvers<void>();
    git.before.set('T001', () => (isReached(), release));
    const first = spawnSupervisor();
    await cascades.cancel('c1', 'x');
    await reached;
    await kill(first);
    expect(await states()).toMatchObject({ 'git.branch:cascade/1-shop': 'done', 'git.workspace:T002': 'done', 'git.workspace:T001': 'open' });
    letGo();
    spawnSupervisor();
    expect(await told(cascadeCleaned.type)).toEqual({ undone: 6, kept: 0 });
    expect(git.undone).toEqual(['cascade/1-shop', 'T002', 'T001', 'repository', 'rest']);
  });
});

describe('an undo that fails', () => {
  it('is tried three times, then parked with an alarm, while the rest goes on', async () => {
    git.fails('T002');
    await startSupervisor();
    await cascades.cancel('c1', 'x');
    expect(await told(cascadeCleanUpParked.type)).toEqual({ parked: 1, effects: [{ effect: 'git.workspace:T002', code: 'CASC_GIT_BUSY', message: 'T002 is busy.' }] });
    expect(git.undone).toEqual(['cascade/1-shop', 'T001', 'repository', 'rest']);
    expect((await effects.list('c1')).find((record) => record.field === 'git.workspace:T002')?.progress).toMatchObject({ state: 'parked', failures: 3, tries: 3 });
    expect(await cascades.find('c1')).toMatchObject({ cleanUp: 'parked', cleanUpProblem: { code: 'CASC_GIT_BUSY' } });
    expect(await redis.smembers(redisKeys.parkedCleanUps)).toEqual([redisKeys.cascade('c1')]);
    expect(await redis.xlen(redisKeys.stream(cascadeCleaned.type))).toBe(0);
  });

  it('is tried again when a person asks, and then the cascade is clean', async () => {
    git.fails('T002');
    await startSupervisor();
    await cascades.cancel('c1', 'x');
    await told(cascadeCleanUpParked.type);
    git.before.clear();
    await publisher.publish(cascadeCleanUpRequested, {}, { cascadeId: 'c1' });
    expect(await told(cascadeCleaned.type)).toEqual({ undone: 6, kept: 0 });
    expect(await cascades.find('c1')).toMatchObject({ cleanUp: 'done', cleanUpProblem: undefined });
    expect(await redis.smembers(redisKeys.parkedCleanUps)).toEqual([]);
  });

  it('succeeds when the trouble passes in time', async () => {
    let failures = 2;
    git.before.set('T002', async () => { if (failures-- > 0) throw new RangeError('not now'); });
    await startSupervisor();
    await cascades.cancel('c1', 'x');
    expect(await told(cascadeCleaned.type)).toEqual({ undone: 6, kept: 0 });
  });

  it('is parked at once when its record says nothing that anybody could do', async () => {
    await redis.hset(redisKeys.effects('c1'), 'shell:x', '{"seq":99,"kind":"shell","key":"x","undo":{"command":"rm -rf /"}}');
    await startSupervisor();
    await cascades.cancel('c1', 'x');
    expect(await told(cascadeCleanUpParked.type)).toMatchObject({ parked: 1, effects: [{ effect: 'shell:x', code: 'CASC_EFFECT_INVALID' }] });
    expect(git.undone).toHaveLength(5);
  });
});

it('refuses to clean up a cascade that has not ended', async () => {
  await startSupervisor();
  await publisher.publish(cascadeCleanUpRequested, {}, { cascadeId: 'c1' });
  await untilTrue(async () => await redis.xlen(redisKeys.deadLetters('supervisor')) === 1, 'the dead letter', 60_000);
  expect(git.undone).toEqual([]);
});
