import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { redisKeys } from '@cascade/contracts';
import { startTestRedis, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { runCli } from '../run-cli.js';
import { recordedScreen, type RecordedScreen } from '../testing/recorded-screen.js';

describe('cascade dlq', () => {
  let server: TestRedis;
  let redis: Redis;
  let screen: RecordedScreen;
  const dlq = (...args: string[]) => {
    screen = recordedScreen();
    return runCli(['dlq', ...args], { PATH: process.env['PATH'], REDIS_URL: server.url }, screen);
  };
  const told = (): string => [...screen.noticeLines, ...screen.dataLines].join('\n');
  const bury = (service: string, id: string, cascade: string, code: string, partition = '') => redis.xadd(`${partition}${redisKeys.deadLetters(service)}`, id,
    'service', service, 'stream', 'stream:spec.ready', 'entry_id', '7-0', 'attempts', '2', 'time', `2026-01-0${id[0]}T09:00:00.000Z`,
    'failed', JSON.stringify([{ time: '2026-01-01T08:59:00.000Z', code, message: 'not \u001b[31mnow' }]),
    'problem', JSON.stringify({ kind: 'retryable', code, message: 'It is busy.', advice: 'Wait.' }),
    'entry', JSON.stringify({ id: `event-${id}`, type: 'spec.ready', correlationid: cascade, data: '{"a":1}' }));

  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
  });
  beforeEach(async () => {
    await redis.flushall();
    await redis.hset(redisKeys.cascade('open'), 'state', 'running');
    await redis.hset(redisKeys.cascade('over'), 'state', 'failed');
    await bury('agent-20-programs', '1-0', 'open', 'CASC_BUSY');
    await bury('agent-20-programs', '2-0', 'over', 'CASC_BUSY');
    await bury('supervisor', '2-0', 'open', 'CASC_OTHER');
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  it('lists them, oldest first, and only those that are asked for', async () => {
    expect(await dlq('list')).toBe(0);
    expect(screen.dataLines.map((line) => line.split(/ {2,}/).slice(0, 4))).toEqual([
      ['1-0', 'agent-20-programs', 'spec.ready', 'CASC_BUSY'], ['2-0', 'agent-20-programs', 'spec.ready', 'CASC_BUSY'], ['2-0', 'supervisor', 'spec.ready', 'CASC_OTHER'],
    ]);
    expect(await dlq('list', '--code', 'CASC_OTHER', '--json')).toBe(0);
    expect(screen.dataLines.map((line) => JSON.parse(line))).toMatchObject([{ id: '2-0', service: 'supervisor', failed: [{ code: 'CASC_OTHER' }] }]);
    expect(await dlq('list', '--limit', '1')).toBe(0);
    expect(told()).toMatch(/--limit shows them[^]*1-0/);
    expect(await dlq('list', '--service', 'nobody')).toBe(0);
    expect(told()).toBe('No dead letters.');
  });

  it('shows one with its attempts, and nothing in it steers the terminal', async () => {
    expect(await dlq('show', '1-0')).toBe(0);
    expect(told()).toMatch(/It is busy\.[^]*Wait\.[^]*from stream:spec.ready 7-0[^]*08:59[^]*CASC_BUSY {2}not \\x1b\[31mnow[^]*data: \{"a":1\}/);
    expect(await dlq('show', '2-0', '--service', 'supervisor', '--json')).toBe(0);
    expect(JSON.parse(screen.dataLines[0]!)).toMatchObject({ id: '2-0', service: 'supervisor' });
  });

  it('delivers one once more, once, and refuses when its cascade has ended', async () => {
    expect(await dlq('retry', '1-0')).toBe(0);
    expect(told()).toBe('1 dead letter delivered again.');
    expect(await redis.xlen(redisKeys.retries('agent-20-programs'))).toBe(1);
    expect(await dlq('retry', '1-0')).toBe(2);
    expect(told()).toMatch(/no dead letter "1-0" \(any more\)[^]*dlq list/);
    expect(await dlq('retry', '2-0', '--service', 'agent-20-programs')).toBe(3);
    expect(told()).toMatch(/Cascade over has ended \(failed\)[^]*cascade run[^]*0 dead letters delivered again, 1 not/);
  });

  it('delivers all of them, and says which were refused', async () => {
    expect(await dlq('retry', '--all', '--json')).toBe(3);
    expect(screen.dataLines.map((line) => JSON.parse(line))).toMatchObject([{ id: '1-0', retried: true }, { id: '2-0', retried: false, problem: { code: 'CASC_DEAD_LETTER_CASCADE_ENDED' } }, { service: 'supervisor', retried: true }]);
  });

  it('removes what is named', async () => {
    expect(await dlq('drop', '--code', 'CASC_BUSY')).toBe(0);
    expect(told()).toBe('2 dead letters removed.');
    expect(await dlq('drop', '2-0')).toBe(0);
    expect(await dlq('list')).toBe(0);
    expect(told()).toBe('No dead letters.');
  });

  it('sees the letters of every partition as one list', async () => {
    await redis.flushall();
    await bury('supervisor', '3-0', 'open', 'CASC_OTHER', '{p00}:');
    await bury('agent-20-programs', '4-0', 'open', 'CASC_BUSY', '{p01}:');
    const run = (...args: string[]) => runCli(['dlq', ...args], { PATH: process.env['PATH'], REDIS_URL: server.url, CASCADE_PARTITIONS: '2' }, screen = recordedScreen());
    expect(await run('list')).toBe(0);
    expect(screen.dataLines.map((line) => line.split(' ')[0])).toEqual(['3-0', '4-0']);
    expect(await run('drop', '4-0')).toBe(0);
    expect(await run('list')).toBe(0);
    expect(screen.dataLines.map((line) => line.split(' ')[0])).toEqual(['3-0']);
  });

  it.each([
    [['retry'], /Which dead letters[^]*--all/],
    [['drop', '--service', 'supervisor'], /Which dead letters/],
    [['drop', '1-0', '--all'], /Which dead letters/],
    [['drop', '2-0'], /agent-20-programs and supervisor have[^]*--service/],
    [['show', '../x'], /no dead letter/],
    [['show'], /missing required argument/],
    [['list', '--limit', '0'], /greater than 0/],
    [['bury'], /unknown command/],
  ])('says what is wrong with %j', async (args, message) => {
    expect(await dlq(...args)).toBe(2);
    expect(told()).toMatch(message);
    expect(told()).not.toMatch(/\n\s+at /);
  });
});
