import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Logger, type Type } from '@nestjs/common';
import { publication, type EventOf, type Outcome, type ReplyOf, type RequestOf, type Run } from '@cascade/messages';
import { startTestRedis, untilTrue, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { CommandClient } from './command-client.js';
import { removeGoneConsumers } from './consumer-groups.js';
import { parseDeadLetter } from './dead-letter.js';
import { EventPublisher } from './event-publisher.js';
import { OnCommand } from './on-command.js';
import { OnEvent } from './on-event.js';
import { outcome } from './outcome.js';
import { add, otherGiven, workDone, workGiven } from './testing/definitions.js';
import { entriesOf, startTestService, until, whenNothingPending, type TestService } from './testing/test-service.js';

type Handle = (event: EventOf<typeof workGiven>, run: Run) => Promise<void>;
let handle: Handle;
const begun: number[] = [];

@Controller()
class Handlers {
  @OnEvent(workGiven)
  async work(event: EventOf<typeof workGiven>, run: Run): Promise<Outcome> {
    begun.push(event.data.n);
    await handle(event, run);
    return outcome({ publish: [publication(workDone, { n: event.data.n })] });
  }

  @OnEvent(otherGiven)
  async other(event: EventOf<typeof otherGiven>): Promise<Outcome> {
    begun.push(event.data.n);
    await handle(event as never, undefined as never);
    return outcome({ publish: [publication(workDone, { n: event.data.n })] });
  }
}

@Controller()
class WithCommand extends Handlers {
  @OnCommand(add)
  async add({ a, b }: RequestOf<typeof add>): Promise<ReplyOf<typeof add>> {
    return { sum: a + b };
  }
}

/** A door that handlers wait at until the test opens it. */
function door(): { open(): void; readonly opened: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: () => resolve(), opened: promise };
}

/** When a service that closes has hung up the connection that waits, and what it had asked for before that is answered. */
async function whenNoMoreIsRead({ server }: TestService): Promise<void> {
  const [commands, waiter] = server.unwrap<[Redis, Redis]>();
  await until(() => waiter.status === 'end');
  await commands.ping();
}

describe('a service whose Redis or process is in trouble', () => {
  let server: TestRedis;
  let redis: Redis;
  let publisher: EventPublisher;
  let services: TestService[];
  const start = async (options: Parameters<typeof startTestService>[2] = {}, controller: Type = Handlers): Promise<TestService> => {
    const service = await startTestService(server.url, controller, options);
    services.push(service);
    return service;
  };

  beforeEach(async () => {
    server = await startTestRedis({ persistent: true });
    redis = new Redis(server.url, { maxRetriesPerRequest: null });
    redis.on('error', () => undefined);
    publisher = new EventPublisher({ redis: server });
    services = [];
    begun.length = 0;
    handle = async () => undefined;
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all(services.map((service) => service.close()));
    await publisher.close();
    redis.disconnect();
    await server.stop();
  });

  it('makes its groups again after everything was deleted beneath it', async () => {
    const service = await start();
    await publisher.publish(workGiven, { n: 1 });
    await entriesOf(redis, 'stream:work.done', 1);
    const troubles: string[] = [];
    service.server.status.subscribe((status) => troubles.push(status));
    await redis.flushall();
    await publisher.publish(workGiven, { n: 2 });
    const [result] = await entriesOf(redis, 'stream:work.done', 1);
    expect(result?.['data']).toBe('{"n":2}');
    expect(troubles).toContainEqual(expect.stringMatching(/^trouble: NOGROUP/));
    await until(() => troubles.at(-1) === 'connected');
  });

  it('goes on when Redis dies and comes back, with handlers and waits in the middle', async () => {
    const { open, opened } = door();
    handle = () => opened;
    const { server: strategy } = await start();
    const statuses: string[] = [];
    strategy.status.subscribe((status) => statuses.push(status));
    await redis.config('SET', 'appendfsync', 'always');
    await publisher.publish(workGiven, { n: 1 });
    await until(() => begun.length === 1);
    await server.kill();
    await until(() => statuses.some((status) => status.startsWith('trouble: ')));
    expect(strategy.health.trouble).toBeDefined();
    open(); // its outcome has to wait for Redis
    await server.restart();
    await publisher.publish(workGiven, { n: 2 });
    const results = await entriesOf(redis, 'stream:work.done', 2);
    expect(results.map((entry) => entry['data']).toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual(['{"n":1}', '{"n":2}']);
    await whenNothingPending(redis, 'stream:work.given');
    expect(statuses.at(-1)).toBe('connected');
    expect(begun).toEqual([1, 2]);
  });

  it('keeps an outcome until Redis takes writes again', async () => {
    const { open, opened } = door();
    handle = () => opened;
    await start();
    await publisher.publish(workGiven, { n: 1 });
    await until(() => begun.length === 1);
    // A master without the replicas that it needs refuses every write, like a demoted one or a full disk.
    await redis.config('SET', 'min-replicas-to-write', '1');
    open();
    await until(async () => /errorstat_NOREPLICAS:count=[1-9]/.test(await redis.info('errorstats')));
    await redis.config('SET', 'min-replicas-to-write', '0');
    await entriesOf(redis, 'stream:work.done', 1);
    expect(begun).toEqual([1]);
  });

  it('never leases more entries than it has free slots, over all its streams', async () => {
    const { open, opened } = door();
    handle = () => opened;
    for (const n of [1, 2, 3]) await publisher.publish(workGiven, { n });
    for (const n of [4, 5, 6]) await publisher.publish(otherGiven, { n });
    await start({ concurrency: 2 });
    await until(() => begun.length === 2);
    const leased = await Promise.all(['stream:work.given', 'stream:other.given'].map((stream) => redis.xpending(stream, 'test')));
    expect(leased.map(([count]) => count as number).reduce((a, b) => a + b)).toBe(2);
    open();
    await entriesOf(redis, 'stream:work.done', 6);
    expect(begun.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('waits for events and commands on one connection, and a slot that becomes free ends the wait', async () => {
    const { open, opened } = door();
    handle = (event) => (event.data.n === 1 ? opened : Promise.resolve());
    const { server: strategy } = await start({ concurrency: 1, claimIdleMs: 900_000, blockMs: 300_000 }, WithCommand); // longer than any test waits
    expect(strategy.unwrap<Redis[]>()).toHaveLength(2);
    await publisher.publish(workGiven, { n: 1 });
    await until(() => begun.length === 1);
    const client = new CommandClient({ redis: server });
    const { sum } = await client.send(add, { a: 1, b: 2 }, { key: 'k', cascadeId: 'c', signal: new AbortController().signal });
    expect(sum).toBe(3); // while the events' only slot is taken
    await publisher.publish(workGiven, { n: 2 });
    await untilTrue(async () => /flags=b/.test(String(await redis.client('LIST'))), 'it to wait for commands');
    open();
    await entriesOf(redis, 'stream:work.done', 2);
    await client.close();
  });

  it('lets handlers finish when it closes', async () => {
    const { open, opened } = door();
    handle = () => opened;
    const service = await start();
    await publisher.publish(workGiven, { n: 1 });
    await until(() => begun.length === 1);
    const closed = service.close();
    await whenNoMoreIsRead(service);
    await publisher.publish(workGiven, { n: 2 });
    open();
    await closed;
    services = [];
    expect(await redis.xlen('stream:work.done')).toBe(1);
    expect(begun).toEqual([1]);
    expect(await redis.xinfo('CONSUMERS', 'stream:work.given', 'test')).toEqual([]);
  });

  it('aborts handlers that outlast the drain time and hands their entries to another instance at once', async () => {
    const logged = jest.spyOn(Logger.prototype, 'error');
    handle = (_event, run) => new Promise((_resolve, reject) => { run.signal.addEventListener('abort', () => reject(run.signal.reason as Error)); });
    const service = await start({ drainMs: 20, claimIdleMs: 3_600_000 });
    await publisher.publish(workGiven, { n: 1 });
    await until(() => begun.length === 1);
    await service.close();
    services = [];
    expect(logged).not.toHaveBeenCalled(); // that a handler ends with an error when it is aborted is no defect
    expect(await redis.xlen('stream:work.done')).toBe(0);
    handle = async () => undefined;
    await start({ claimIdleMs: 3_600_000 }); // far beyond this test's limit: nobody waits for the claim to run out
    await entriesOf(redis, 'stream:work.done', 1);
    expect(begun).toEqual([1, 1]);
  });

  it('renews the claims of handlers that take longer than the claim limit', async () => {
    const { open, opened } = door();
    handle = () => opened;
    await start({ claimIdleMs: 300 });
    await publisher.publish(workGiven, { n: 1 });
    await until(() => begun.length === 1);
    const pending = async (): Promise<[string, string, number, number]> => ((await redis.xpending('stream:work.given', 'test', '-', '+', 1)) as [[string, string, number, number]])[0];
    const [id, consumer] = await pending();
    await redis.xclaim('stream:work.given', 'test', consumer, 0, id, 'IDLE', 3_600_000, 'JUSTID');
    await until(async () => (await pending())[2] < 3_600_000); // only a renewal makes it less
    open();
    await entriesOf(redis, 'stream:work.done', 1);
    expect(begun).toEqual([1]);
  });

  it('closes within its bounds although Redis is gone and does not come back', async () => {
    const { open, opened } = door();
    handle = () => opened;
    const service = await start({ drainMs: 20 });
    await publisher.publish(workGiven, { n: 1 });
    await until(() => begun.length === 1);
    await server.kill();
    open();
    await service.close(); // the test's own limit is the assertion: 20 ms, and 3 s of grace
    services = [];
    expect(begun).toEqual([1]);
  });

  it('forgets the names of consumers that are gone, and no others', async () => {
    await publisher.publish(workGiven, { n: 1 });
    await redis.xgroup('CREATE', 'stream:work.given', 'test', '0');
    await redis.xreadgroup('GROUP', 'test', 'gone-with-work', 'STREAMS', 'stream:work.given', '>');
    await redis.xgroup('CREATECONSUMER', 'stream:work.given', 'test', 'gone');
    const names = async (): Promise<unknown[]> => ((await redis.xinfo('CONSUMERS', 'stream:work.given', 'test')) as unknown[][]).map((info) => info[1]);
    await removeGoneConsumers(redis, 'stream:work.given', 'test', 600_000);
    expect(await names()).toEqual(['gone', 'gone-with-work']);
    await until(async () => {
      await removeGoneConsumers(redis, 'stream:work.given', 'test', 10);
      return (await names()).length === 1;
    });
    expect(await names()).toEqual(['gone-with-work']);
    expect((await redis.xpending('stream:work.given', 'test'))[0]).toBe(1);
  });

  it('buries an entry that was delivered too often without a result, and fails its cascade', async () => {
    await publisher.publish(workGiven, { n: 1 }, { cascadeId: 'c1' });
    await redis.xgroup('CREATE', 'stream:work.given', 'test', '0');
    const reply = await redis.xreadgroup('GROUP', 'test', 'dead-process', 'STREAMS', 'stream:work.given', '>');
    const id = reply![0]![1][0]![0];
    await redis.xclaim('stream:work.given', 'test', 'dead-process', 0, id, 'IDLE', 60_000, 'RETRYCOUNT', 5, 'JUSTID');
    await start();
    const [letter] = await entriesOf(redis, 'dead:test', 1);
    expect(parseDeadLetter(letter!)).toMatchObject({ entryId: id, attempts: 6, problem: { code: 'CASC_DELIVERIES_EXHAUSTED' } });
    expect(await redis.hget('cascade:c1', 'code')).toBe('CASC_DELIVERIES_EXHAUSTED');
    expect(begun).toEqual([]);
  });

  it('removes old entries that everybody acknowledged, and no others', async () => {
    const { open, opened } = door();
    handle = (event) => (event.data.n === 150 ? opened : Promise.resolve());
    for (let n = 1; n <= 300; n += 1) await publisher.publish(workGiven, { n });
    const service = await start({ retentionMs: 0 });
    await entriesOf(redis, 'stream:work.done', 299);
    await service.server.trim();
    const left = await redis.xrange('stream:work.given', '-', '+');
    expect(left.length).toBeLessThan(300);
    expect(left.some(([, flat]) => flat.includes('{"n":150}'))).toBe(true); // it is being handled
    open();
    await whenNothingPending(redis, 'stream:work.given');
  });
});
