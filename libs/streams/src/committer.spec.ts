import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestRedis, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import type { CommitJob } from './commit-job.js';
import { ConfirmedWrites } from './confirmed-writes.js';
import { Committer } from './committer.js';

describe('Committer', () => {
  let server: TestRedis;
  let redis: Redis;
  let committer: Committer;
  const jobs: CommitJob[] = [];

  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url, { enableAutoPipelining: true });
  });
  beforeEach(async () => {
    await redis.flushall();
    await redis.xgroup('CREATE', 's', 'g', '0', 'MKSTREAM');
    jobs.length = 0;
    for (let n = 0; n < 100; n += 1) {
      const id = await redis.xadd('s', '*', 'n', n);
      jobs.push({ stream: 's', group: 'g', id: id!, writes: [{ operation: 'XADD', key: 'out', args: ['*', 'n', String(n)] }] });
    }
    await redis.xreadgroup('GROUP', 'g', 'c', 'COUNT', 100, 'STREAMS', 's', '>');
    const stopped = new AbortController().signal;
    committer = new Committer(redis, new ConfirmedWrites({ redis, durability: undefined, stopped }), stopped);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });
  const calls = async (): Promise<number> => Number(/cmdstat_evalsha:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0);

  it('commits what finishes together in few calls, and each once', async () => {
    await committer.commit(jobs[0]!); // the server knows the script from here on
    const before = await calls();
    const results = await Promise.all(jobs.map((job) => committer.commit(job)));
    expect(await calls() - before).toBe(2); // 100 outcomes, 64 in a batch
    expect(results).toEqual(['dropped', ...jobs.slice(1).map(() => 'committed')]);
    expect(await redis.xlen('out')).toBe(100);
    expect((await redis.xpending('s', 'g'))[0]).toBe(0);
  });

  it('writes nothing of an outcome whose key holds another type, and everything of its neighbours', async () => {
    await redis.set('taken', 'text');
    const bad: CommitJob = { ...jobs[1]!, writes: [...jobs[1]!.writes, { operation: 'HSET', key: 'taken', args: ['a', '1'] }] };
    const results = await Promise.allSettled([committer.commit(jobs[0]!), committer.commit(bad), committer.commit(jobs[2]!)]);
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : (result.reason as { code: string }).code))).toEqual(['committed', 'CASC_COMMIT_REFUSED', 'committed']);
    expect((await redis.xrange('out', '-', '+')).map(([, fields]) => fields[1])).toEqual(['0', '2']);
    expect((await redis.xpending('s', 'g'))[0]).toBe(98);
  });

  it('tells a conflict from an entry that somebody else has ended', async () => {
    await redis.hset('state', 'version', '2');
    const expect1 = { expect: { key: 'state', field: 'version', value: '1' } };
    expect(await committer.commit({ ...jobs[0]!, ...expect1 })).toBe('conflict');
    expect(await committer.commit({ ...jobs[0]!, expect: { key: 'absent', field: 'version', value: '' } })).toBe('committed');
    expect(await committer.commit({ ...jobs[0]!, ...expect1 })).toBe('dropped');
    const fence = { key: 'state', field: 'version', values: ['1', '2'] };
    expect(await committer.commit({ ...jobs[1]!, ...expect1, fence })).toBe('fenced');
    expect(await redis.xlen('out')).toBe(1);
  });

  it('commits even when memory is full, because an acknowledgement frees it', async () => {
    await committer.commit(jobs[0]!);
    await redis.config('SET', 'maxmemory', '1', 'maxmemory-policy', 'noeviction');
    const result = await committer.commit(jobs[1]!);
    await redis.config('SET', 'maxmemory', '0');
    expect(result).toBe('committed');
    expect(await redis.xlen('out')).toBe(2);
  });
});
