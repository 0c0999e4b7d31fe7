import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestRedis, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { EventPublisher } from './event-publisher.js';
import { workGiven } from './testing/definitions.js';
import { entriesOf, whenNothingPending } from './testing/test-service.js';

const file = (name: string): string => fileURLToPath(new URL(`./testing/${name}`, import.meta.url));
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('processes that die', () => {
  let server: TestRedis;
  let redis: Redis;
  let publisher: EventPublisher;
  let workers: ChildProcess[];

  beforeEach(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
    publisher = new EventPublisher({ redis: server });
    workers = [];
  });
  afterEach(async () => {
    await Promise.all(workers.map(kill));
    await publisher.close();
    redis.disconnect();
    await server.stop();
  });

  async function startWorker(claimIdleMs: number, longestMs: number): Promise<ChildProcess> {
    const worker = spawn(process.execPath, ['--conditions=@cascade/source', '--no-warnings', '--import', file('typescript-loader.mjs'), file('crash-worker.ts'), server.url, String(claimIdleMs), String(longestMs)], { stdio: ['ignore', 'ignore', 'inherit'] });
    workers.push(worker);
    const waiter = redis.duplicate();
    await waiter.blpop('started', 0);
    waiter.disconnect();
    return worker;
  }

  async function kill(worker: ChildProcess): Promise<void> {
    if (worker.exitCode !== null || worker.signalCode !== null) return;
    const gone = once(worker, 'exit');
    worker.kill('SIGKILL');
    await gone;
  }

  async function results(count: number): Promise<number[]> {
    const entries = await entriesOf(redis, 'stream:work.done', count);
    await whenNothingPending(redis, 'stream:work.given');
    expect(await redis.xlen('stream:work.done')).toBe(count);
    return entries.map((entry) => (JSON.parse(entry['data']!) as { n: number }).n).toSorted((a, b) => a - b);
  }

  it('has every result exactly once although workers are killed in the middle of their work', async () => {
    const waiter = redis.duplicate();
    for (const n of numbers(300)) await publisher.publish(workGiven, { n });
    for (const _ of numbers(3)) {
      const worker = await startWorker(500, 60);
      await redis.del('handled');
      for (const _begun of numbers(20)) await waiter.blpop('handled', 0); // it is at work: now it dies
      await kill(worker);
    }
    const pending = (await redis.xpending('stream:work.given', 'test')) as [number];
    expect(pending[0]).toBeGreaterThan(0);
    await startWorker(500, 60);
    expect(await results(300)).toEqual(numbers(300));
    waiter.disconnect();
  });

  it('has every result once although handlers are slower than the claim limit and some begin twice', async () => {
    await Promise.all([startWorker(150, 600), startWorker(150, 600)]);
    for (const n of numbers(60)) await publisher.publish(workGiven, { n });
    expect(await results(60)).toEqual(numbers(60));
  });

  it('drops what a process finishes after it stood still and another one took its work over', async () => {
    const frozen = await startWorker(300, 3_000);
    const waiter = redis.duplicate();
    for (const n of [1, 2, 3]) await publisher.publish(workGiven, { n });
    for (const _begun of numbers(3)) await waiter.blpop('handled', 0);
    frozen.kill('SIGSTOP');
    const other = await startWorker(300, 1);
    await entriesOf(redis, 'stream:work.done', 3);
    await kill(other);
    frozen.kill('SIGCONT'); // its handlers end now, and their outcomes come too late
    for (const _finished of numbers(6)) await waiter.blpop('finished', 0);
    await publisher.publish(workGiven, { n: 4 }); // committed after those, by the same process
    expect(await results(4)).toEqual([1, 2, 3, 4]);
    waiter.disconnect();
  });
});
