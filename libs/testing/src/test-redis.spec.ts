import { readlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { askRedis } from '@cascade/local-runtime';
import { startTestRedis, type TestRedis } from './test-redis.js';

describe('startTestRedis', () => {
  let redis: TestRedis;
  afterEach(() => redis.stop());

  it('gives every caller an empty server of its own', async () => {
    redis = await startTestRedis();
    const other = await startTestRedis();
    try {
      await askRedis(redis.url, [['SET', 'a', '1']]);
      expect(await askRedis(other.url, [['GET', 'a'], ['DBSIZE']])).toEqual(['', '0']);
    } finally {
      await other.stop();
    }
    await expect(askRedis(other.url, [['PING']])).rejects.toMatchObject({ code: 'CASC_REDIS_UNREACHABLE' });
  });

  it('removes its folder when it stops', async () => {
    redis = await startTestRedis();
    const folder = await folderOf(redis);
    expect(existsSync(folder)).toBe(true);
    await redis.stop();
    expect(existsSync(folder)).toBe(false);
  });

  it('comes back on the same port with its data after a crash when it is persistent', async () => {
    redis = await startTestRedis({ persistent: true });
    await askRedis(redis.url, [['CONFIG', 'SET', 'appendfsync', 'always'], ['SET', 'kept', 'yes']]);
    await redis.kill();
    await expect(askRedis(redis.url, [['PING']])).rejects.toMatchObject({ code: 'CASC_REDIS_UNREACHABLE' });
    await redis.restart();
    expect(await askRedis(redis.url, [['GET', 'kept']])).toEqual(['yes']);
  });
});

async function folderOf(redis: TestRedis): Promise<string> {
  const [info = ''] = await askRedis(redis.url, [['INFO', 'server']]);
  return readlink(`/proc/${/process_id:(\d+)/.exec(info)?.[1] ?? ''}/cwd`);
}
