import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { cancelled, redisKeys, retryable, terminal } from '@cascade/contracts';
import { Leadership } from '@cascade/state';
import { failOnLeaks, startTestRedis, untilTrue } from '@cascade/testing';
import { Redis } from 'ioredis';
import { Lane, type Perform } from './lane.js';
import { LEADER, MatterQueue } from './matter-queue.js';
import { memberOf } from './matters.js';

Logger.overrideLogger(false); // what fails here fails on purpose

let server: Awaited<ReturnType<typeof startTestRedis>>;
let redis: Redis;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
});
beforeEach(() => redis.flushall());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});
failOnLeaks();

const queue = (): MatterQueue => new MatterQueue(redis, redisKeys.githubDirty);
const member = (key: string): string => memberOf({ kind: 'item', key });
const mark = (key: string, at = Date.now() - 1): Promise<unknown> => redis.zadd(redisKeys.githubDirty, at, member(key));
const waiting = (): Promise<string[]> => redis.zrange(redisKeys.githubDirty, 0, '-1');
async function working(perform: Perform, until: () => Promise<boolean>): Promise<void> {
  const leadership = new Leadership(redis, LEADER);
  const lane = new Lane(queue(), leadership, perform, [1, 1]);
  lane.start();
  await untilTrue(until, 'the lane');
  await lane.stop();
  await leadership.onApplicationShutdown();
}
const isEmpty = async (): Promise<boolean> => (await waiting()).length === 0;

describe('what is due', () => {
  it('is done one after the other, what waits longest first, and once for many reasons', async () => {
    for (const [at, key] of ['c', 'a', 'b', 'a'].entries()) await mark(key, at + 1);
    const done: string[] = [];
    await working(async (matter) => { done.push(matter.kind === 'item' ? matter.key : ''); }, isEmpty);
    expect(done).toEqual(['c', 'b', 'a']);
  });

  it('is done again when it changes while it is in hand', async () => {
    await mark('a');
    let times = 0;
    await working(async () => {
      times += 1;
      if (times === 1) await mark('a');
    }, isEmpty);
    expect(times).toBe(2);
  });

  it('has the trace of what made it due last, also of what did so while it was in hand', async () => {
    await mark('a');
    await redis.hset(redisKeys.githubTraces, member('a'), 'first');
    const leadership = new Leadership(redis, LEADER);
    await leadership.lead();
    const { token } = leadership;
    expect(await queue().take(token)).toEqual({ member: member('a'), attempt: 1, traceparent: 'first' });
    await redis.hset(redisKeys.githubTraces, member('a'), 'second');
    await mark('a');
    await queue().done(token, member('a'));
    expect(await queue().take(token)).toEqual({ member: member('a'), attempt: 1, traceparent: 'second' });
    await queue().done(token, member('a'));
    expect(await redis.hlen(redisKeys.githubTraces)).toBe(0);
  });

  it('comes again after a failure, and is parked when it fails too often or for good', async () => {
    await mark('often');
    await mark('never');
    await mark('gone');
    const tries: string[] = [];
    await working(async (matter) => {
      const key = matter.kind === 'item' ? matter.key : '';
      tries.push(key);
      if (key === 'never') throw terminal('CASC_GITHUB_FORBIDDEN', 'no');
      throw key === 'gone' ? cancelled('The cascade has ended.') : retryable('CASC_GITHUB_UNAVAILABLE', 'later');
    }, isEmpty);
    expect(tries.sort()).toEqual(['gone', 'gone', 'gone', 'never', 'often', 'often', 'often']);
    expect(Object.keys(await redis.hgetall(redisKeys.githubParked)).sort()).toEqual([member('gone'), member('never'), member('often')]);
    await mark('often');
    await working(async () => undefined, isEmpty);
    expect([await redis.hexists(redisKeys.githubParked, member('often')), await redis.hgetall(redisKeys.githubAttempts)]).toEqual([0, {}]);
  });

  it('waits for limits without using up its attempts', async () => {
    await mark('a');
    let times = 0;
    await working(async () => {
      times += 1;
      if (times < 10) throw retryable('CASC_GITHUB_LIMITED', 'wait', { retryAfterMs: 1 });
    }, isEmpty);
    expect(times).toBe(10);
  });
});

describe('a leader that is gone', () => {
  it('leaves what it had in hand to the next one, first of all', async () => {
    const first = new Leadership(redis, LEADER);
    await first.lead();
    await mark('in hand', 50);
    expect(await queue().take(first.token)).toEqual({ member: member('in hand'), attempt: 1 });
    await mark('older', 1);
    await first.onApplicationShutdown();
    const done: string[] = [];
    await working(async (matter) => { done.push(matter.kind === 'item' ? matter.key : ''); }, isEmpty);
    expect(done).toEqual(['in hand', 'older']);
  });

  it('takes and settles nothing any more', async () => {
    const [first, second] = [new Leadership(redis, LEADER), new Leadership(redis, LEADER)];
    await first.lead();
    const { token } = first;
    await mark('a');
    await queue().take(token);
    await redis.hset(redisKeys.lease(LEADER), 'until', 1); // frozen, and its time is over
    await second.lead();
    await queue().done(token, member('a'));
    expect([await queue().take(token), await waiting()]).toEqual([undefined, [member('a')]]);
    expect(await queue().take(second.token)).toMatchObject({ member: member('a') });
    await second.onApplicationShutdown();
  });
});
