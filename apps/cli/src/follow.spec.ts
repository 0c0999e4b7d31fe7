import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { redisKeys, type Progress } from '@cascade/contracts';
import { startTestRedis, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { followCascade, type Update } from './follow.js';
import { sampleHash } from './testing/sample-record.js';

describe('followCascade', () => {
  let server: TestRedis;
  let redis: Redis;
  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  const write = (id: string, line: Progress | string) => redis.xadd(redisKeys.timeline(id), '*', 'at', '2026-01-05T09:00:01.000Z', 'service', 'agent-00-stories', 'line', typeof line === 'string' ? line : JSON.stringify(line));
  const follow = (id: string, untilQuestion = true, signal = new AbortController().signal, onRedis = (_away: boolean): void => undefined) => followCascade({ url: server.url }, id, { signal, onRedis, untilQuestion });
  const told = (update: Update): string => (update.kind === 'line' ? update.line.line.text : update.record.state);

  it('shows what happened before it came, what happens while it looks, and the end last', async () => {
    await redis.hset(redisKeys.cascade('a'), sampleHash());
    await write('a', { kind: 'tier', text: 'before' });
    const seen: string[] = [];
    for await (const update of follow('a')) {
      seen.push(told(update));
      if (seen.length === 2) {
        await write('a', { kind: 'round', text: 'while' });
        await redis.hset(redisKeys.cascade('a'), 'state', 'completed');
        await write('a', { kind: 'notice', text: 'last words' });
      }
    }
    expect(seen).toEqual(['before', 'running', 'while', 'last words', 'completed']);
  });

  it('waits for a cascade that no service has accepted yet', async () => {
    const updates = follow('b');
    const first = updates.next();
    await redis.hset(redisKeys.cascade('b'), sampleHash({ state: 'failed' }));
    expect((await first).value).toMatchObject({ kind: 'record', record: { state: 'failed' } });
    expect((await updates.next()).done).toBe(true);
  });

  it('ends where a person has to answer', async () => {
    await redis.hset(redisKeys.cascade('c'), sampleHash({ state: 'waiting', 'question:q': 'Which?' }));
    const seen = [];
    for await (const update of follow('c')) seen.push(update);
    expect(seen).toMatchObject([{ kind: 'record', record: { state: 'waiting', questions: [{ name: 'q', text: 'Which?' }] } }]);
  });

  it('goes on after a question when it is told to', async () => {
    await redis.hset(redisKeys.cascade('g'), sampleHash({ state: 'waiting', 'question:q': 'Which?' }));
    const seen: string[] = [];
    for await (const update of follow('g', false)) {
      seen.push(told(update));
      if (seen.length === 1) await redis.hset(redisKeys.cascade('g'), sampleHash({ state: 'completed' }));
    }
    expect(seen).toEqual(['waiting', 'completed']);
  });

  it('leaves out lines that it does not understand', async () => {
    await redis.hset(redisKeys.cascade('d'), sampleHash({ state: 'completed' }));
    await write('d', '{"kind":"hologram","text":"x"}');
    await write('d', 'not JSON');
    await write('d', { kind: 'tier', text: 'known' });
    const seen: string[] = [];
    for await (const update of follow('d')) seen.push(told(update));
    expect(seen).toEqual(['known', 'completed']);
  });

  it('ends quietly when it is told to stop', async () => {
    await redis.hset(redisKeys.cascade('e'), sampleHash());
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const update of follow('e', true, stop.signal)) {
      seen.push(told(update));
      stop.abort();
    }
    expect(seen).toEqual(['running']);
  });

  it('says that Redis went away and came back, and goes on', async () => {
    const away: boolean[] = [];
    const lost = Promise.withResolvers<void>();
    await redis.hset(redisKeys.cascade('f'), sampleHash());
    const updates = follow('f', true, undefined, (isAway) => { away.push(isAway); lost.resolve(); });
    expect((await updates.next()).value).toMatchObject({ kind: 'record' });
    const next = updates.next();
    await server.kill();
    await lost.promise;
    await server.restart();
    await redis.hset(redisKeys.cascade('f'), sampleHash({ state: 'completed' }));
    expect((await next).value).toMatchObject({ kind: 'record', record: { state: 'completed' } });
    expect((await updates.next()).done).toBe(true);
    expect(away[0]).toBe(true);
    expect(away.at(-1)).toBe(false);
  });
});
