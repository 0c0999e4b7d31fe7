import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Logger } from '@nestjs/common';
import { publication, type CascadeError, type EventOf, type Outcome } from '@cascade/messages';
import { failOnLeaks, startTestRedis, startTestReplica, type TestRedis, type TestReplica } from '@cascade/testing';
import type { Redis } from 'ioredis';
import type { CommitJob } from './commit-job.js';
import { Committer } from './committer.js';
import { ConfirmedWrites } from './confirmed-writes.js';
import { EventPublisher } from './event-publisher.js';
import { OnEvent } from './on-event.js';
import { outcome } from './outcome.js';
import { createConnection } from './redis-connection.js';
import type { Durability } from './redis-settings.js';
import { fieldsOf } from './stream-entry.js';
import { workDone, workGiven } from './testing/definitions.js';
import { entriesOf, startTestService, until } from './testing/test-service.js';

failOnLeaks();
jest.setTimeout(90_000);

const oneReplica: Durability = { replicas: 1, disk: false };
const HEALTHY = 20;
const LAGGING = 30;

let master: TestRedis;
let replica: TestReplica;
const cleanUps: (() => Promise<void> | void)[] = [];

beforeEach(async () => {
  master = await startTestRedis();
  replica = await startTestReplica(master);
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  await Promise.all([master.stop(), replica.stop()]);
});

function connect(): Redis {
  const redis = createConnection({ url: master.url, name: 'test', role: 'commands' });
  redis.on('error', () => undefined); // it is killed in the middle
  cleanUps.push(() => redis.disconnect());
  return redis;
}

/** A committer with `count` entries delivered to it, as a service has them. */
class Work {
  readonly acknowledged = new Set<string>();
  readonly troubles: string[] = [];
  readonly redis = connect();
  readonly commits: Promise<void>[] = [];
  private readonly committer: Committer;
  private jobs: CommitJob[] = [];

  constructor(durability: Durability | undefined) {
    const stop = new AbortController();
    const redis = connect();
    const writes = new ConfirmedWrites({ redis, durability, stopped: stop.signal, onTrouble: (error) => this.troubles.push((error as Error).message) });
    this.committer = new Committer(redis, writes, stop.signal);
    cleanUps.push(() => stop.abort());
  }

  async deliver(count: number): Promise<void> {
    await this.redis.xgroup('CREATE', 'in', 'g', '0', 'MKSTREAM');
    const ids = await Promise.all(Array.from({ length: count }, (_, n) => this.redis.xadd('in', '*', 'n', n)));
    await this.redis.xreadgroup('GROUP', 'g', 'c', 'STREAMS', 'in', '>');
    await this.redis.wait(1, 30_000);
    this.jobs = ids.map((id) => ({ stream: 'in', group: 'g', id: id!, writes: [{ operation: 'XADD', key: 'out', args: ['*', 'of', id!] }] }));
  }

  commit(count: number): Promise<unknown> {
    const commits = this.jobs.splice(0, count).map((job) => this.committer.commit(job).then(() => { this.acknowledged.add(job.id); }));
    this.commits.push(...commits);
    return Promise.all(commits);
  }

  /** For each entry, how often its output is there. */
  async outputs(): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (const [, flat] of await this.redis.xrange('out', '-', '+')) counts.set(flat[1]!, (counts.get(flat[1]!) ?? 0) + 1);
    return counts;
  }

  /** Entries that are acknowledged and have no output, or have one and are pending. */
  async torn(): Promise<string[]> {
    const [entries, pending, outputs] = await Promise.all([this.redis.xrange('in', '-', '+'), this.redis.xpending('in', 'g', '-', '+', 1_000), this.outputs()]);
    const open = new Set((pending as [string][]).map(([id]) => id));
    return entries.map(([id]) => id).filter((id) => open.has(id) === outputs.has(id));
  }
}

describe('a fail-over to a replica that lagged behind', () => {
  it('loses outcomes that were called done when the master\'s answer is enough, but never tears one', async () => {
    const work = new Work(undefined);
    await work.deliver(HEALTHY + LAGGING);
    await work.commit(HEALTHY);
    await work.redis.wait(1, 30_000);
    await replica.lag();
    await work.commit(LAGGING);
    await master.kill();
    replica.resume();
    await replica.promote();
    const outputs = await work.outputs();
    expect(work.acknowledged.size).toBe(HEALTHY + LAGGING);
    expect([...work.acknowledged].filter((id) => !outputs.has(id))).toHaveLength(LAGGING); // what the durable mode is for
    expect(await work.torn()).toEqual([]);
  });

  it('loses nothing that was called done in the durable mode, and does again what was not', async () => {
    const work = new Work(oneReplica);
    await work.deliver(HEALTHY + LAGGING);
    await work.commit(HEALTHY);
    await replica.lag();
    void work.commit(LAGGING);
    await until(() => work.troubles.some((trouble) => trouble.startsWith('0 of 1 replicas')));
    expect(await work.redis.xlen('out')).toBe(HEALTHY + LAGGING); // the master had them all
    const done = new Set(work.acknowledged);
    expect(done.size).toBe(HEALTHY);
    await master.kill();
    replica.resume();
    await replica.promote();
    const outputs = await work.outputs();
    expect([...done].filter((id) => !outputs.has(id))).toEqual([]);
    const second = await startTestReplica({ url: master.url, port: master.port });
    cleanUps.push(() => second.stop());
    await Promise.all(work.commits);
    expect([...(await work.outputs()).values()]).toEqual(Array.from({ length: HEALTHY + LAGGING }, () => 1));
    expect(await work.torn()).toEqual([]);
  });

  it('keeps a published event that was confirmed, and publishes once more what was not', async () => {
    const publisher = new EventPublisher({ redis: { url: master.url, durability: oneReplica } });
    cleanUps.push(() => publisher.close());
    await publisher.publish(workGiven, { n: 1 });
    await replica.lag();
    const late = [2, 3].map((n) => publisher.publish(workGiven, { n }));
    const redis = connect();
    await until(async () => (await redis.xlen('stream:work.given')) === 3);
    await master.kill();
    replica.resume();
    await replica.promote();
    const second = await startTestReplica({ url: master.url, port: master.port });
    cleanUps.push(() => second.stop());
    const [two, three] = await Promise.all(late);
    const entries = (await redis.xrange('stream:work.given', '-', '+')).map(([entryId, flat]) => ({ entryId, id: fieldsOf(flat)['id'] }));
    for (const { entryId, id } of [two!, three!]) expect(entries).toContainEqual({ entryId, id });
    expect(new Set(entries.map(({ id }) => id)).size).toBe(3);
  });
});

const begun: number[] = [];

@Controller()
class Handlers {
  @OnEvent(workGiven)
  async work(event: EventOf<typeof workGiven>): Promise<Outcome> {
    begun.push(event.data.n);
    return outcome({ publish: [publication(workDone, { n: event.data.n })] });
  }
}

describe('a service in the durable mode', () => {
  it('takes no more work than it has slots while replicas are silent, says so, and goes on when they are back', async () => {
    begun.length = 0;
    const statuses: string[] = [];
    const service = await startTestService(master.url, Handlers, { concurrency: 2, redis: { url: master.url, durability: oneReplica } });
    cleanUps.push(() => service.close());
    service.server.status.subscribe((status) => statuses.push(status));
    await replica.lag();
    const publisher = new EventPublisher({ redis: master });
    cleanUps.push(() => publisher.close());
    for (const n of [1, 2, 3, 4, 5]) await publisher.publish(workGiven, { n });
    await until(() => statuses.includes('trouble: 0 of 1 replicas have confirmed what was written.'));
    await until(() => begun.length === 2);
    replica.resume();
    await entriesOf(connect(), 'stream:work.done', 5);
    await until(() => statuses.at(-1) === 'connected');
    expect(begun.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
  });

  it('asks replicas once for outcomes that are committed together', async () => {
    const work = new Work(oneReplica);
    await work.deliver(HEALTHY + LAGGING);
    const waits = async (): Promise<number> => Number(/cmdstat_wait:calls=(\d+)/.exec(await work.redis.info('commandstats'))?.[1] ?? 0);
    const before = await waits();
    await work.commit(HEALTHY + LAGGING);
    expect(await waits() - before).toBe(1);
  });

  it('does not start when it shall confirm disks and Redis cannot', async () => {
    jest.spyOn(Logger.prototype, 'error').mockReturnValue();
    const redis = connect();
    const [known] = (await redis.command('INFO', 'WAITAOF')) as unknown[];
    const options = { redis: { url: master.url, durability: { replicas: 0, disk: true } } };
    if (known != null) await redis.config('SET', 'appendonly', 'yes');
    const starting = startTestService(master.url, Handlers, options);
    const code = starting.then(() => 'started', (error: CascadeError) => error.code);
    expect(await code).toBe(known == null ? 'CASC_DURABILITY_UNSUPPORTED' : 'started');
    if (known == null) return;
    const publisher = new EventPublisher(options);
    cleanUps.push(async () => { await (await starting).close(); await publisher.close(); });
    await publisher.publish(workGiven, { n: 1 });
    await entriesOf(redis, 'stream:work.done', 1);
  });
});

describe('publishing while Redis is away', () => {
  it('ends with an error that may be tried again when its time is over', async () => {
    await master.kill();
    const publisher = new EventPublisher({ redis: master });
    cleanUps.push(() => publisher.close());
    await expect(publisher.publish(workGiven, { n: 1 }, { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({ code: 'CASC_PUBLISH_TIMEOUT', kind: 'retryable' });
  });
});
