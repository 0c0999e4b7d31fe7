import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { cascadeCleaned, cascadeRequested, newEventId, redisKeys } from '@cascade/contracts';
import { readHostConfig, type HostConfig } from '@cascade/service-host';
import { Cascades } from '@cascade/state';
import { createConnection, EventPublisher, type RedisSettings } from '@cascade/streams';
import { failOnLeaks, removeTemporaryFolder, sampleGitRepository, startTestCluster, temporaryFolder, untilTrue, type TestCluster } from '@cascade/testing';
import { Redis } from 'ioredis';
import { startStandalone, type Standalone } from './standalone.js';

failOnLeaks();
jest.setTimeout(240_000);

const PARTITIONS = 3;
/** Time for everything that a busy machine may do in between. */
const PATIENCE_MS = 120_000;

describe('all services on a Redis Cluster of three masters', () => {
  let cluster: TestCluster;
  let home: string;
  let config: HostConfig;
  let standalone: Standalone;
  let connections: Redis[];

  beforeAll(async () => {
    cluster = await startTestCluster();
    home = temporaryFolder('standalone');
    mkdirSync(path.join(home, 'recording'));
    const env = {
      ...process.env, REDIS_URL: cluster.url, CASCADE_PARTITIONS: String(PARTITIONS), CASCADE_HOME: home, CASCADE_WORKSPACES: path.join(home, 'workspaces'),
      OPENAI_BASE_URL: '', OPENAI_API_KEY: '', CASCADE_LLM_REPLAY: path.join(home, 'recording'),
    };
    config = readHostConfig(env);
    standalone = await startStandalone(env);
    connections = config.partitions.map((redis) => createConnection({ ...redis, name: 'test', role: 'commands' }));
  });
  afterAll(async () => {
    await standalone.stop();
    for (const connection of connections) connection.disconnect();
    await cluster.stop();
    removeTemporaryFolder(home);
  });

  const stateOf = (partition: number, id: string): Promise<string | null> => connections[partition]!.hget(redisKeys.cascade(id), 'state');
  const cleaned = async (partition: number): Promise<string[]> =>
    (await connections[partition]!.xrange(redisKeys.stream(cascadeCleaned.type), '-', '+')).map(([, fields]) => fields[fields.indexOf('correlationid') + 1]!);

  async function request(redis: RedisSettings, repository: string): Promise<string> {
    const publisher = new EventPublisher({ redis });
    const { cascadeId } = await publisher.publish(cascadeRequested, { request: 'Add b', repository });
    await publisher.close();
    return cascadeId;
  }

  it('take cascades in every partition to their ends, by failure, by cancelling and by deadline, and clean up after each', async () => {
    const repository = sampleGitRepository({ 'package.json': '{"type":"module","scripts":{"test":"node --test"}}\n', 'test/a.test.js': "import { test } from 'node:test';\n\ntest('a', () => undefined);\n" });
    const ends = await Promise.all(connections.map(async (redis, partition) => {
      const failing = await request(config.partitions[partition]!, repository.folder);
      const cascades = new Cascades(redis);
      const accepted = async (minutes: number): Promise<string> => {
        const id = newEventId();
        await cascades.accept({
          id, cascadeId: id, type: cascadeRequested.type, source: 'urn:test', time: new Date().toISOString(), dataschema: cascadeRequested.dataschema,
          data: { request: 'Nobody works on it', repository: repository.folder, deadlineMinutes: minutes },
        });
        return id;
      };
      const [late, unwanted] = [await accepted(0.01), await accepted(60)];
      expect(await cascades.cancel(unwanted, 'Not wanted.')).toBe('ended');
      return { failing, late, unwanted };
    }));
    for (const [partition, { failing, late, unwanted }] of ends.entries()) {
      const found = async (): Promise<(string | null)[]> => Promise.all([failing, late, unwanted].map((id) => stateOf(partition, id)));
      await untilTrue(async () => String(await found()) === 'failed,timed_out,cancelled', `the ends in partition ${partition}`, PATIENCE_MS);
      await untilTrue(async () => { const ids = await cleaned(partition); return [failing, late, unwanted].every((id) => ids.includes(id)); }, `the clean-up in partition ${partition}`, PATIENCE_MS);
      expect((await new Cascades(connections[partition]!).list()).map(({ id }) => id).toSorted((a, b) => a.localeCompare(b))).toEqual([failing, late, unwanted].toSorted((a, b) => a.localeCompare(b)));
    }
    removeTemporaryFolder(path.dirname(repository.folder));
  });

  it('keep every key in a partition, and use more than one master', async () => {
    const found = await Promise.all(cluster.masters.map(async ({ url }) => {
      const redis = new Redis(url);
      const keys = await redis.keys('*');
      redis.disconnect();
      return keys;
    }));
    expect(found.flat().filter((key) => !/^\{p0[0-2]\}:/.test(key))).toEqual([]);
    expect(found.filter((keys) => keys.length > 0).length).toBeGreaterThan(1);
  });
});
