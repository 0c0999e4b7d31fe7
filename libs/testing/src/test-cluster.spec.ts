import { describe, expect, it } from '@jest/globals';
import { askRedis } from '@cascade/local-runtime';
import { failOnLeaks } from './fail-on-leaks.js';
import { startTestCluster } from './test-cluster.js';
import { startTestRedis, startTestReplica } from './test-redis.js';

failOnLeaks();

describe('startTestCluster', () => {
  it('gives three masters, each of which serves a third of the slots and names the owner of the others', async () => {
    const cluster = await startTestCluster();
    try {
      const answers = await Promise.all(cluster.masters.map(async ({ url }) => {
        const all = ['{p00}', '{p01}', '{p02}', '{p03}'].map((tag) => askRedis(url, [['SET', `${tag}:x`, '1']]).then(() => 'OK', (error: Error) => error.message));
        return (await Promise.all(all)).map((answer) => /OK|MOVED/.exec(answer)?.[0]);
      }));
      for (const tag of [0, 1, 2, 3]) expect(answers.filter((answer) => answer[tag] === 'OK')).toHaveLength(1);
    } finally {
      await cluster.stop();
    }
  }, 90_000);
});

describe('startTestReplica', () => {
  it('follows, falls behind, and takes the dead master\'s place at its address', async () => {
    const master = await startTestRedis();
    const replica = await startTestReplica(master);
    try {
      await askRedis(master.url, [['SET', 'early', '1'], ['WAIT', '1', '30000']]);
      await replica.lag();
      await askRedis(master.url, [['SET', 'late', '1']]);
      await master.kill();
      replica.resume();
      await replica.promote();
      expect(await askRedis(master.url, [['GET', 'early'], ['GET', 'late'], ['SET', 'new', '1']])).toEqual(['1', '', 'OK']);
    } finally {
      await Promise.all([master.stop(), replica.stop()]);
    }
  }, 90_000);
});
