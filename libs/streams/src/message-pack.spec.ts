import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestRedis, type TestRedis } from '@cascade/testing';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { pack, unpack } from './message-pack.js';

const number = fc.oneof(fc.nat({ max: 300 }), fc.integer({ min: 0, max: 0xffffffff }));
const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.integer({ min: 28, max: 36 }).map((length) => 'é'.repeat(length)));

describe('MessagePack for scripts', () => {
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

  const throughRedis = async (values: readonly (string | number)[]): Promise<unknown> =>
    unpack((await redis.callBuffer('eval', 'return cmsgpack.pack(cmsgpack.unpack(ARGV[1]))', 0, pack(values))) as Buffer);

  it('brings texts and numbers to Redis and back as they were', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof(number, text)), async (values) => {
      // What has no UTF-8 form is replaced, as everywhere on the way to Redis.
      expect(await throughRedis(values)).toEqual(values.map((value) => (typeof value === 'string' ? Buffer.from(value).toString() : value)));
    }), { numRuns: 300 });
  });

  it('knows every length of text and list', async () => {
    const values = [0, 31, 32, 255, 256, 21_845, 21_846, 65_535, 65_536, 600_000].map((length) => 'x'.repeat(length));
    expect(await throughRedis(values)).toEqual(values);
    const many = Array.from({ length: 70_000 }, (_, index) => `n${index}`);
    expect(await throughRedis(many)).toEqual(many);
  });

  it('reads nested lists, and refuses what scripts do not give', async () => {
    const nested = (await redis.callBuffer('eval', 'return cmsgpack.pack({ { 1, "a", { "b" } }, {} })', 0)) as Buffer;
    expect(unpack(nested)).toEqual([[1, 'a', ['b']], []]);
    const table = (await redis.callBuffer('eval', 'return cmsgpack.pack({ a = 1 })', 0)) as Buffer;
    expect(() => unpack(table)).toThrow('MessagePack 129 is not known here.');
  });
});
