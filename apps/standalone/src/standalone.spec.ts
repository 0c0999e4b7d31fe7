import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cascadeRequested, redisKeys } from '@cascade/contracts';
import { failOnLeaks, redisCli, removeTemporaryFolder, sampleGitRepository, startTestRedis, temporaryFolder, untilTrue, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { services, startStandalone, type Standalone } from './standalone.js';

failOnLeaks();

describe('standalone', () => {
  let server: TestRedis;
  let redis: Redis;
  let home: string;
  let standalone: Standalone;

  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
    home = temporaryFolder('standalone');
    mkdirSync(path.join(home, 'recording'));
    standalone = await startStandalone({
      ...process.env, REDIS_URL: server.url, CASCADE_HOME: home, CASCADE_WORKSPACES: path.join(home, 'workspaces'),
      OPENAI_BASE_URL: '', OPENAI_API_KEY: '', CASCADE_LLM_REPLAY: path.join(home, 'recording'),
    });
  });
  afterAll(async () => {
    await standalone.stop();
    redis.disconnect();
    await server.stop();
    removeTemporaryFolder(home);
  });

  it('runs every service of the road, each in its own consumer group', async () => {
    const groupsOf = async (type: string) => (await redis.xinfo('GROUPS', redisKeys.stream(type)) as unknown[]).map((group) => JSON.stringify(group));
    const missing = async (): Promise<string[]> => {
      const groups = (await Promise.all(['cascade.requested', 'stories.approved', 'spec.ready', 'programs.ready', 'task.implemented', 'cascade.completed'].map(groupsOf))).flat().join();
      return services.map((service) => service.name).filter((name) => !groups.includes(name));
    };
    expect((await missing()).filter((name) => name !== 'docs-indexer')).toEqual([]);
    await untilTrue(async () => (await missing()).length === 0, 'docs-indexer, for which nobody waits');
  });

  it('takes a request that any Redis client publishes, and ends it with a reason when it cannot go on', async () => {
    const repository = sampleGitRepository({
      'package.json': '{"type":"module","scripts":{"test":"node --test"}}\n',
      'src/a.js': 'export const a = 1;\n',
      'test/a.test.js': "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { a } from '../src/a.js';\n\ntest('a', () => assert.equal(a, 1));\n",
    });
    const before = repository.git('for-each-ref');
    const data = JSON.stringify({ request: 'Add b', repository: repository.folder });
    await redisCli(server.url, 'XADD', redisKeys.stream(cascadeRequested.type), '*', 'type', cascadeRequested.type, 'data', data);
    const states = async (): Promise<(string | null)[]> => Promise.all((await redis.zrange(redisKeys.cascades, '0', '-1')).map((id) => redis.hget(redisKeys.cascade(id), 'state')));
    await untilTrue(async () => (await states()).includes('failed'), 'the cascade to fail for want of a recorded answer');
    const [id = ''] = await redis.zrange(redisKeys.cascades, '0', '-1');
    expect(JSON.parse(await redis.hget(redisKeys.cascade(id), 'problem') ?? '')).toMatchObject({ code: 'CASC_REPLAY_MISS' });
    expect(repository.git('for-each-ref')).toBe(before);
    removeTemporaryFolder(path.dirname(repository.folder));
  });
});
