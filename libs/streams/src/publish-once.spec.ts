import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fromEntry } from '@cascade/messages';
import { startTestRedis, startTestReplica, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { EventPublisher } from './event-publisher.js';
import { fieldsOf } from './stream-entry.js';
import { workGiven } from './testing/definitions.js';

const once = { key: 'seen:a', forMs: 60_000 };

describe('publishing once', () => {
  let server: TestRedis;
  let redis: Redis;
  let publisher: EventPublisher;
  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
    publisher = new EventPublisher({ redis: server });
  });
  afterAll(async () => {
    await publisher.close();
    redis.disconnect();
    await server.stop();
  });
  beforeEach(async () => { await redis.flushall(); });

  it('adds one entry for a key, whoever tries and however many at once, and says which try it was', async () => {
    const tries = await Promise.all(Array.from({ length: 20 }, () => publisher.publish(workGiven, { n: 1 }, { id: 'a', once })));
    expect(tries.filter(({ isRepeated }) => !isRepeated)).toHaveLength(1);
    expect(new Set(tries.map(({ entryId }) => entryId)).size).toBe(1);
    expect(await redis.xlen('stream:work.given')).toBe(1);
    expect(await redis.pttl(once.key)).toBeGreaterThan(0);
  });

  it('remembers nothing when nothing could be added', async () => {
    await redis.set('stream:work.given', 'no stream');
    await expect(publisher.publish(workGiven, { n: 1 }, { once })).rejects.toThrow(/WRONGTYPE/);
    expect(await redis.exists(once.key)).toBe(0);
  });

  it('carries the time and the extension attributes that it is given', async () => {
    await publisher.publish(workGiven, { n: 1 }, { id: 'a', time: '2026-01-05T09:00:00Z', extensions: { githubtype: 'com.github.issue.opened' }, once });
    const [[entryId, flat]] = (await redis.xrange('stream:work.given', '-', '+')) as [[string, string[]]];
    expect(fieldsOf(flat)).toMatchObject({ githubtype: 'com.github.issue.opened', id: 'a' });
    expect(fromEntry(workGiven, entryId, fieldsOf(flat))).toMatchObject({ time: '2026-01-05T09:00:00Z', data: { n: 1 } });
  });

  it('counts a write that was repeated because nobody had confirmed it as the same try', async () => {
    const replica = await startTestReplica(server);
    const careful = new EventPublisher({ redis: { url: server.url, durability: { replicas: 1, disk: false } } });
    replica.pause();
    const publishing = careful.publish(workGiven, { n: 1 }, { once });
    const own = Number(await new Promise((resolve) => { careful.connection.once('ready', () => resolve(careful.connection.client('ID'))); }));
    while (await redis.exists(once.key) === 0) await redis.ping();
    await redis.client('KILL', 'ID', own);
    replica.resume();
    expect((await publishing).isRepeated).toBe(false);
    expect(await redis.xlen('stream:work.given')).toBe(1);
    await careful.close();
    await replica.stop();
  });
});
