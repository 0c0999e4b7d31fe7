import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { partitionPrefixes, publication, retryable, streamKeys, type EventOf, type Outcome, type RequestOf } from '@cascade/messages';
import { failOnLeaks, startTestCluster, untilTrue, type TestCluster, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { CommandClient } from './command-client.js';
import { EventPublisher } from './event-publisher.js';
import { OnCommand } from './on-command.js';
import { OnEvent } from './on-event.js';
import { outcome } from './outcome.js';
import { createConnection } from './redis-connection.js';
import type { RedisSettings } from './redis-settings.js';
import { add, workDone, workGiven } from './testing/definitions.js';
import { entriesOf, startTestService, type TestService } from './testing/test-service.js';

failOnLeaks();
jest.setTimeout(120_000);

let failuresLeft = new Map<number, number>();
const heard: number[] = [];

@Controller()
class Handlers {
  @OnEvent(workGiven)
  async work({ data: { n } }: EventOf<typeof workGiven>): Promise<Outcome> {
    heard.push(n);
    const left = failuresLeft.get(n) ?? 0;
    failuresLeft.set(n, left - 1);
    if (left > 0) throw retryable('CASC_TEST_AGAIN', 'Not yet.');
    return outcome({ save: [{ key: `item-${n}`, fields: { n: String(n) }, indexIn: 'items' }], publish: [publication(workDone, { n })] });
  }

  @OnCommand(add)
  async sum({ a, b }: RequestOf<typeof add>): Promise<{ sum: number }> {
    return { sum: a + b };
  }
}

/** Two partitions on one master, and one on each other: with these tags that takes four. */
const prefixes = partitionPrefixes(4, true);

describe('services on a cluster of three masters', () => {
  let cluster: TestCluster;
  let places: RedisSettings[];
  let services: TestService[];
  let connections: Redis[];

  beforeAll(async () => {
    cluster = await startTestCluster({ persistent: true });
    places = prefixes.map((keyPrefix) => ({ url: cluster.url, keyPrefix }));
    services = await Promise.all(places.map((redis) => startTestService(cluster.url, Handlers, { redis, retryDelays: { default: [10, 10] } })));
    connections = places.map((place) => createConnection({ ...place, name: 'test', role: 'commands' }));
    for (const connection of connections) connection.on('error', () => undefined);
  });
  beforeEach(() => {
    failuresLeft = new Map();
    heard.length = 0;
  });
  afterAll(async () => {
    await Promise.all(services.map((service) => service.close()));
    for (const connection of connections) connection.disconnect();
    await cluster.stop();
  });

  async function publish(partition: number, ...numbers: number[]): Promise<void> {
    const publisher = new EventPublisher({ redis: places[partition]! });
    for (const n of numbers) await publisher.publish(workGiven, { n }, { signal: AbortSignal.timeout(60_000) });
    await publisher.close();
  }
  const doneIn = async (partition: number, count: number): Promise<unknown[]> => (await entriesOf(connections[partition]!, streamKeys.stream('work.done'), count)).map(({ data }) => JSON.parse(data!).n as unknown);

  it('hand on, try again, bury and answer, each partition by itself', async () => {
    failuresLeft = new Map([[11, 2], [12, 99]]);
    await Promise.all([0, 1, 2, 3].map((partition) => publish(partition, partition, 100 + partition, ...(partition === 1 ? [11, 12] : []))));
    expect(await doneIn(0, 2)).toEqual([0, 100]);
    expect(new Set(await doneIn(1, 3))).toEqual(new Set([1, 101, 11]));
    expect(await doneIn(3, 2)).toEqual([3, 103]);
    const [letter] = await entriesOf(connections[1]!, 'dead:test', 1);
    expect(letter).toMatchObject({ stream: 'retries:test', code: 'CASC_TEST_AGAIN', attempts: '3' });
    expect(heard.filter((n) => n === 12)).toHaveLength(3);
    expect(await connections[1]!.smembers('items')).toEqual(expect.arrayContaining(['item-1', 'item-11'])); // as written, without the prefix
  });

  it('answer commands, and ring where the caller listens', async () => {
    const rung = new Set<string>();
    const listener = new Redis(cluster.masters[0]!.url); // every node hears what is published on any
    listener.on('pmessage', (_pattern, channel) => rung.add(String(channel).slice(0, '{p00}:reply:'.length)));
    await listener.psubscribe('*');
    for (const [partition, redis] of places.entries()) {
      const client = new CommandClient({ redis });
      expect(await client.send(add, { a: partition, b: 2 }, { key: 'k', cascadeId: 'c', signal: AbortSignal.timeout(60_000) })).toEqual({ sum: partition + 2 });
      await client.close();
    }
    await untilTrue(() => rung.size >= prefixes.length, 'a ring from each partition');
    listener.disconnect();
    expect([...rung].toSorted((a, b) => a.localeCompare(b))).toEqual(prefixes.map((prefix) => `${prefix}reply:`));
  });

  it('keep every key in its partition, on the masters that own them', async () => {
    const keys = (await Promise.all(cluster.masters.map(async ({ url }) => {
      const redis = new Redis(url);
      const found = await redis.keys('*');
      redis.disconnect();
      return found.map((key) => key.slice(0, '{p00}:'.length));
    }))).map((found) => [...new Set(found)].toSorted());
    expect(keys.flat().toSorted((a, b) => a.localeCompare(b))).toEqual(prefixes);
    expect(keys.filter((found) => found.length > 0).length).toBeGreaterThan(1);
  });

  it('follow a partition to another master while they run, and lose nothing of it', async () => {
    const last = 400;
    const moving = movePartition(cluster, prefixes[2]!);
    for (let n = 300; n < last; n += 1) await publish(2, n);
    await moving;
    await publish(2, last);
    const done = await doneIn(2, 2 + last - 300 + 1);
    expect(new Set(done).size).toBe(2 + last - 300 + 1);
    expect((await connections[2]!.xpending(streamKeys.stream('work.given'), 'test'))[0]).toBe(0);
  });

  it('go on when a master was killed and has come back with its append-only file', async () => {
    const [master] = await ownersOf(cluster, prefixes[0]!);
    const before = await connections[0]!.xlen(streamKeys.stream('work.done'));
    await master!.kill();
    const publishing = publish(0, 500, 501);
    await master!.restart();
    await publishing;
    expect((await doneIn(0, before + 2)).slice(-2)).toEqual([500, 501]);
  });
});

/** Asks one server, without any routing. */
async function ask<T>(server: TestRedis, command: string, ...args: (string | number)[]): Promise<T> {
  const redis = new Redis(server.url);
  try {
    return (await redis.call(command, ...args)) as T;
  } finally {
    redis.disconnect();
  }
}

/** Moves the slot of a partition from its master to another one, key by key, as a cluster's operator does. */
async function movePartition(cluster: TestCluster, prefix: string): Promise<void> {
  const [from, to] = await ownersOf(cluster, prefix);
  const slot = await ask<number>(from, 'CLUSTER', 'KEYSLOT', prefix);
  const [fromId, toId] = await Promise.all([from, to].map((server) => ask<string>(server, 'CLUSTER', 'MYID')));
  await ask(to, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId!);
  await ask(from, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId!);
  for (;;) {
    const keys = await ask<string[]>(from, 'CLUSTER', 'GETKEYSINSLOT', slot, 10);
    if (keys.length === 0) break;
    await ask(from, 'MIGRATE', '127.0.0.1', to.port, '', 0, 30_000, 'KEYS', ...keys);
  }
  for (const server of [to, from, ...cluster.masters]) await ask(server, 'CLUSTER', 'SETSLOT', slot, 'NODE', toId!);
}

/** The master that has a partition's keys, and one that has not. */
async function ownersOf(cluster: TestCluster, prefix: string): Promise<readonly [TestRedis, TestRedis]> {
  const owns = await Promise.all(cluster.masters.map((server) => ask(server, 'EXISTS', `${prefix}x`).then(() => true, () => false)));
  return [cluster.masters[owns.indexOf(true)]!, cluster.masters[owns.indexOf(false)]!];
}
