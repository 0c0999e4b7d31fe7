import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cancelled, redisKeys, type Usage } from '@cascade/contracts';
import { startTestRedis, untilTrue } from '@cascade/testing';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import type { Journal } from './journal.js';
import { openJournal } from './testing/open-journal.js';

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

/** One run of a handler, in a process of its own. */
const run = (signal?: AbortSignal): Journal => openJournal(redis, signal === undefined ? {} : { signal });
const key = redisKeys.leases('c1');
const cost: Usage = { promptTokens: 10, completionTokens: 0, usd: 0 };

/** What happens to a lease whose holder is out of touch for too long. */
const lapse = (step: string): Promise<unknown> => redis.eval(`
  local lease = redis.call('HGET', KEYS[1], ARGV[1])
  if lease then redis.call('HSET', KEYS[1], ARGV[1], (string.gsub(lease, '^(%S+) %S+', '%1 1'))) end
`, 1, key, step);

interface Work {
  readonly fn: () => Promise<string>;
  readonly started: Promise<void>;
  readonly finish: (result: string) => void;
  readonly fail: () => void;
}
function work(): Work {
  const started = Promise.withResolvers<void>();
  const done = Promise.withResolvers<string>();
  done.promise.catch(() => undefined); // a failure that nobody waits for
  return {
    fn: () => { started.resolve(); return done.promise; },
    started: started.promise, finish: done.resolve, fail: () => done.reject(new RangeError('boom')),
  };
}

describe('a step that several workers come to', () => {
  it('is run by one of them; the others wait and get its result', async () => {
    const first = work();
    const one = run().step('s', first.fn);
    await first.started;
    let paidAgain = 0;
    const others = Array.from({ length: 5 }, () => run().step('s', async () => { paidAgain += 1; return 'other'; }));
    first.finish('mine');
    expect(await Promise.all([one, ...others])).toEqual(Array(6).fill('mine'));
    expect([paidAgain, await redis.exists(key)]).toEqual([0, 0]);
  });

  it('is run by the next one at once when the first one fails', async () => {
    const first = work();
    const one = run().step('s', first.fn);
    await first.started;
    const two = run().step('s', async () => 'second');
    first.fail();
    await expect(one).rejects.toThrow('boom');
    expect(await two).toBe('second');
  });

  it('is waited for no longer than the waiting run may work', async () => {
    const first = work();
    const one = run().step('s', first.fn);
    await first.started;
    const stop = new AbortController();
    const two = run(stop.signal).step('s', async () => 'second');
    stop.abort(cancelled('over'));
    await expect(two).rejects.toMatchObject({ kind: 'cancelled' });
    first.finish('mine');
    expect(await one).toBe('mine');
  });

  it('is joined, not waited for, within one run', async () => {
    const both = run();
    let calls = 0;
    const step = (): Promise<number> => both.step('s', async () => (calls += 1));
    expect(await Promise.all([step(), step()])).toEqual([1, 1]);
  });
});

describe('a worker that was out of touch', () => {
  it('loses the step to another, and its late result is nothing', async () => {
    const [frozen, next] = [work(), work()];
    const one = run().step('s', frozen.fn, { usage: () => cost });
    await frozen.started;
    await lapse('s');
    const two = run().step('s', next.fn, { usage: () => cost });
    await next.started;
    frozen.finish('late');
    await expect(one).rejects.toMatchObject({ code: 'CASC_LEASE_LOST', kind: 'retryable' });
    next.finish('good');
    expect(await two).toBe('good');
    expect(await redis.hmget(redisKeys.cascade('c1'), 'usage_calls', 'usage_prompt_tokens')).toEqual(['1', '10']);
    expect(await run().step('s', async () => 'again')).toBe('good');
  });

  it('gets the other\'s result when there is one', async () => {
    const frozen = work();
    const one = run().step('s', frozen.fn, { usage: () => cost });
    await frozen.started;
    await lapse('s');
    expect(await run().step('s', async () => 'good', { usage: () => cost })).toBe('good');
    frozen.finish('late');
    expect(await one).toBe('good');
    expect(await redis.hget(redisKeys.cascade('c1'), 'usage_calls')).toBe('1');
  });

  it('keeps what it paid for when nobody took the step', async () => {
    const frozen = work();
    const one = run().step('s', frozen.fn);
    await frozen.started;
    await lapse('s');
    frozen.finish('late');
    expect(await one).toBe('late');
  });
});

describe('leases', () => {
  it('are renewed while the step runs', async () => {
    const long = work();
    const done = openJournal(redis, { ttlMs: 30 }).step('s', long.fn);
    await long.started;
    const first = await redis.hget(key, 's');
    await untilTrue(async () => (await redis.hget(key, 's')) !== first, 'a renewal');
    long.finish('mine');
    expect([await done, await run().step('s', async () => 'other')]).toEqual(['mine', 'mine']);
  });

  it('hold what a step may cost only as long as they are held', async () => {
    await redis.hset(redisKeys.cascade('c1'), 'budget_tokens', '15');
    const crashed = work();
    const one = run().step('a', crashed.fn, { reserve: cost, usage: () => cost });
    await crashed.started;
    await expect(run().step('b', async () => 'b', { reserve: cost })).rejects.toMatchObject({ code: 'CASC_BUDGET_EXCEEDED' });
    await lapse('a');
    expect(await run().step('b', async () => 'b', { reserve: cost })).toBe('b');
    crashed.finish('a');
    expect(await one).toBe('a');
  });
});

describe('steps under any interleaving of workers, failures and lapses', () => {
  const action = fc.record({ what: fc.constantFrom('begin', 'finish', 'fail', 'lapse'), worker: fc.nat(3) });

  it('have one result for everybody, and its cost once', async () => {
    await fc.assert(fc.asyncProperty(fc.array(action, { maxLength: 25 }), async (actions) => {
      await redis.flushall();
      const workers = Array.from({ length: 4 }, () => ({ work: work(), result: undefined as Promise<string | undefined> | undefined }));
      const begin = (index: number): void => {
        const worker = workers[index]!;
        worker.result ??= run().step('s', worker.work.fn, { usage: () => cost }).catch(() => undefined);
      };
      for (const { what, worker } of actions) {
        if (what === 'begin') begin(worker);
        else if (what === 'finish') workers[worker]!.work.finish(`result ${worker}`);
        else if (what === 'fail') workers[worker]!.work.fail();
        else await lapse('s');
      }
      workers.forEach((_, index) => { begin(index); workers[index]!.work.finish(`result ${index}`); });
      const results = new Set((await Promise.all(workers.flatMap((worker) => worker.result ?? []))).filter((result) => result !== undefined));
      const recorded = await redis.hget(redisKeys.journal('c1'), 's');
      expect(results.size).toBe(recorded === null ? 0 : 1);
      expect([await redis.hget(redisKeys.cascade('c1'), 'usage_calls'), await redis.exists(key)]).toEqual([recorded === null ? null : '1', 0]);
    }), { numRuns: 60 });
  });
});
