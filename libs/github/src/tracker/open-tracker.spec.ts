import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { noLimits, startFakeGitHub, type FakeGitHub } from '@cascade/github-fake';
import { failOnLeaks, startTestRedis, type TestRedis } from '@cascade/testing';
import { readGitHubConfig } from './github-config.js';
import { openTracker } from './open-tracker.js';
import { fakeMcpServer } from './testing/fake-mcp-server.js';
import { startMcpHttp } from './testing/mcp-http.js';

failOnLeaks();

const repository = { owner: 'octo', name: 'app' };
const fields = { title: 't', body: 'b', labels: [], assignees: [], milestone: undefined };

describe('openTracker', () => {
  let server: TestRedis;
  let redis: Redis;
  let github: FakeGitHub;
  let env: Record<string, string>;
  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
    github = await startFakeGitHub({ limits: noLimits });
    env = { CASCADE_GITHUB_API: github.url, CASCADE_GITHUB_TOKEN: github.addUser('octo').token };
    github.addRepository('octo/app');
  });
  afterAll(async () => {
    await github.close();
    redis.disconnect();
    await server.stop();
  });

  it('opens the REST API by default, and says how long a mirror of 1,000 items takes', async () => {
    const { tracker, timeToCreate, close } = await openTracker(readGitHubConfig(env), { redis });
    expect(tracker.capabilities.exact).toBe(true);
    expect(await tracker.createIssue(repository, fields)).toMatchObject({ author: 'octo' });
    const [key] = await redis.keys('github:bucket:*');
    expect(key).toMatch(/^github:bucket:token-[0-9a-f]{12}$/);
    expect(await redis.zcard(key!)).toBe(1);
    // Within each hour 500, at 3 s each: the 1,001st is the first of the third hour.
    const minutes = async (count: number): Promise<number> => Math.round(await timeToCreate(repository, count) / 60_000);
    expect([await minutes(999), await minutes(1_000)]).toEqual([85, 120]);
    await close();
  });

  it('opens the MCP server that is configured, with the same budget', async () => {
    const http = await startMcpHttp((token) => fakeMcpServer({ host: github.url, token }));
    const { tracker, timeToCreate, close } = await openTracker(readGitHubConfig({ ...env, CASCADE_GITHUB_TRACKER: 'mcp', CASCADE_GITHUB_MCP: http.url }), { redis });
    expect(tracker.capabilities.exact).toBe(false);
    const [key] = await redis.keys('github:bucket:*');
    await redis.flushall();
    expect(await tracker.createIssue(repository, fields)).toMatchObject({ author: 'octo' });
    expect([await redis.keys('github:bucket:*'), await redis.zcard(key!)]).toEqual([[key], 1]);
    expect(await timeToCreate(repository, 100)).toBeGreaterThan(0);
    await close();
    await http.close();
  });

  it('keeps no limits where there are none, and needs credentials', async () => {
    const { tracker, timeToCreate, close } = await openTracker(readGitHubConfig({ ...env, CASCADE_GITHUB_LIMITS: 'none' }), { redis });
    await redis.flushall();
    await tracker.createIssue(repository, fields);
    expect([await redis.dbsize(), await timeToCreate(repository, 1_000)]).toEqual([0, 0]);
    await close();
    await expect(openTracker(readGitHubConfig({ CASCADE_GITHUB_API: github.url }))).rejects.toMatchObject({ code: 'CASC_GITHUB_NOT_CONFIGURED' });
  });
});
