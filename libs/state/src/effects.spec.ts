import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { redisKeys, type Effect } from '@cascade/contracts';
import { startTestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { Effects, MAX_EFFECTS } from './effects.js';

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;
let effects: Effects;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  effects = new Effects(redis);
});
beforeEach(() => redis.flushall());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const workspace = (key: string): Effect => ({ kind: 'git.workspace', key, undo: { repositoryId: 'shop' } });
const fields = async (): Promise<string[]> => (await effects.list('c1')).map((record) => record.field);

describe('the effects journal', () => {
  it('is read in the reverse of the order of recording; what the clean-up adds comes last', async () => {
    for (const key of ['b', 'c', 'a', 'c']) await effects.record('c1', workspace(key));
    await effects.addLast('c1', { kind: 'git.rest', key: 'all', undo: {} });
    expect(await fields()).toEqual(['git.workspace:a', 'git.workspace:c', 'git.workspace:b', 'git.rest:all']);
  });

  it('keeps the first record of an effect, with what became of it', async () => {
    await effects.record('c1', workspace('a'));
    const [first] = await effects.list('c1');
    expect(await effects.settle('c1', first!, { ...first!.progress, state: 'done' })).toBe(true);
    await effects.record('c1', workspace('a'));
    expect((await effects.list('c1'))[0]).toMatchObject({ effect: workspace('a'), progress: { seq: 1, state: 'done' } });
  });

  it('takes nothing new when the cascade has ended: its clean-up may be over', async () => {
    await redis.hset(redisKeys.cascade('c1'), 'state', 'timed_out');
    await expect(effects.record('c1', workspace('a'))).rejects.toMatchObject({ kind: 'cancelled' });
    expect(await fields()).toEqual([]);
  });

  it('does not overwrite what another supervisor wrote meanwhile', async () => {
    await effects.record('c1', workspace('a'));
    const [read] = await effects.list('c1');
    await effects.settle('c1', read!, { ...read!.progress, state: 'done' });
    expect(await effects.settle('c1', read!, { ...read!.progress, state: 'parked' })).toBe(false);
    expect((await effects.list('c1'))[0]?.progress.state).toBe('done');
  });

  it('gives no effect for a record that is none, or that stands in another\'s place', async () => {
    const forged = JSON.stringify({ seq: 1, ...workspace('a') });
    await redis.hset(redisKeys.effects('c1'), { 'git.workspace:b': forged, x: '{"kind":"shell","key":"rm","undo":{}}', y: 'not JSON', z: '[]' });
    expect((await effects.list('c1')).map((record) => record.effect)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('refuses kinds and payloads that nobody can undo, and more than the bound', async () => {
    await expect(effects.record('c1', { kind: 'rocket', key: 'r', undo: {} })).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_EFFECT_INVALID' });
    await expect(effects.record('c1', { kind: 'git.workspace', key: 'a', undo: { repositoryId: '../etc' } })).rejects.toMatchObject({ code: 'CASC_EFFECT_INVALID' });
    await redis.hset(redisKeys.effects('c1'), Object.fromEntries(Array.from({ length: MAX_EFFECTS }, (_, index) => [`n${index}`, '{}'])));
    await expect(effects.record('c1', workspace('a'))).rejects.toMatchObject({ kind: 'terminal', code: 'CASC_EFFECTS_TOO_MANY' });
  });
});
