import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestRedis, type TestRedis } from '@cascade/testing';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { trimAcknowledged, UNREAD_KEPT_TIMES } from './trimmer.js';

const LANE = 's:high', USUAL = 's';

/** A stream in a lane, its groups, and what each group has yet to acknowledge. */
class Lane {
  readonly #open = new Map<string, Set<string>>();
  readonly #pending = new Map<string, string[]>();
  #added = 0;

  constructor(private readonly redis: Redis) {}

  async begin(): Promise<void> {
    await this.redis.flushall();
    for (const group of ['a', 'b']) {
      await this.redis.xgroup('CREATE', USUAL, group, '0', 'MKSTREAM');
      this.#open.set(group, new Set());
    }
  }

  async add(): Promise<void> {
    for (let n = 0; n < 5; n += 1) {
      this.#added += 1;
      await this.redis.xadd(LANE, `${this.#added}-0`, 'n', '1');
      for (const ids of this.#open.values()) ids.add(`${this.#added}-0`);
    }
  }

  /** A service that comes later and only to this lane. */
  async join(): Promise<void> {
    if (this.#added === 0 || this.#open.has('c')) return;
    await this.redis.xgroup('CREATE', LANE, 'c', '$');
    this.#open.set('c', new Set());
  }

  async read(group: string, count: number): Promise<void> {
    if (this.#added === 0 || !this.#open.has(group)) return;
    await this.redis.xgroup('CREATE', LANE, group, '0').catch(() => undefined);
    const reply = await this.redis.xreadgroup('GROUP', group, 'c', 'COUNT', count, 'STREAMS', LANE, '>');
    this.#pending.set(group, [...this.#pending.get(group) ?? [], ...(reply?.[0]?.[1] ?? []).map(([id]) => id)]);
  }

  async acknowledge(group: string, which: number): Promise<void> {
    const ids = this.#pending.get(group) ?? [];
    const [id] = ids.splice(which % Math.max(1, ids.length), 1);
    if (id === undefined) return;
    await this.redis.xack(LANE, group, id);
    this.#open.get(group)!.delete(id);
  }

  /** Entries that are gone although a group has not acknowledged them. */
  async lost(): Promise<string[]> {
    const kept = new Set((await this.redis.xrange(LANE, '-', '+')).map(([id]) => id));
    return [...this.#open].flatMap(([group, ids]) => [...ids].filter((id) => !kept.has(id)).map((id) => `${id} of ${group}`));
  }
}

describe('trimAcknowledged', () => {
  let server: TestRedis;
  let redis: Redis;
  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
    await redis.config('SET', 'stream-node-max-entries', '2'); // trimming removes whole nodes
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  it('removes no entry that some group has not acknowledged, whatever the groups do', async () => {
    const step = fc.record({ group: fc.constantFrom('a', 'b', 'c'), act: fc.constantFrom('read', 'acknowledge', 'acknowledge', 'trim', 'add', 'join'), number: fc.nat({ max: 9 }) });
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const lane = new Lane(redis);
      await lane.begin();
      for (const { group, act, number } of steps) {
        if (act === 'read') await lane.read(group, number + 1);
        else if (act === 'acknowledge') await lane.acknowledge(group, number);
        else if (act === 'trim') await trimAcknowledged(redis, new Map([[LANE, { usual: USUAL }]]), 0, Date.now());
        else await lane[act]();
        expect(await lane.lost()).toEqual([]);
      }
    }), { numRuns: 40 });
  });

  it('keeps what no group has asked for much longer, but not for ever', async () => {
    const [now, retentionMs] = [10_000_000, 1_000];
    const unread = now - UNREAD_KEPT_TIMES * retentionMs;
    await redis.flushall();
    for (const at of [unread - 2, unread - 1, unread, now - 2 * retentionMs]) await redis.xadd(USUAL, `${at}-0`, 'n', '1');
    await trimAcknowledged(redis, new Map([[USUAL, { usual: USUAL }]]), retentionMs, now);
    expect((await redis.xrange(USUAL, '-', '+')).map(([id]) => id)).toEqual([`${unread}-0`, `${now - 2 * retentionMs}-0`]);
  });
});
