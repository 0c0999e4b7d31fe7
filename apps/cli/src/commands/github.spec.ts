import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { redisKeys } from '@cascade/contracts';
import { noLimits, startFakeGitHub, type FakeGitHub } from '@cascade/github-fake';
import { failOnLeaks, removeTemporaryFolders, startTestRedis, temporaryFolder, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { runCli } from '../run-cli.js';
import { recordedScreen, type RecordedScreen } from '../testing/recorded-screen.js';

failOnLeaks();

describe('cascade github', () => {
  let server: TestRedis;
  let redis: Redis;
  let github: FakeGitHub;
  let screen: RecordedScreen;
  let token: string;
  const cascade = (args: readonly string[], env: Record<string, string | undefined> = {}) => {
    screen = recordedScreen();
    return runCli(['github', ...args], { PATH: process.env['PATH'], REDIS_URL: server.url, CASCADE_GITHUB_API: github.url, CASCADE_GITHUB_TOKEN: token, CASCADE_GITHUB_LIMITS: 'none', CASCADE_GITHUB_WEBHOOK_SECRETS: 'canary-new,canary-old', ...env }, screen);
  };
  const told = (): string => [...screen.noticeLines, ...screen.dataLines].join('\n');
  const setup = ['setup', '--repo', 'ACME/Shop', '--url', 'https://cascade.example.com'];

  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
    removeTemporaryFolders();
  });
  beforeEach(async () => {
    await redis.flushall();
    github = await startFakeGitHub({ limits: noLimits });
    github.addUser('acme');
    token = github.addToken({ login: 'acme', scopes: ['repo', 'admin:repo_hook'] });
    github.addRepository('acme/shop');
  });
  afterEach(async () => {
    expect(told()).not.toMatch(/canary|ghp_/);
    await github.close();
  });

  it('sets a repository up, twice, and remembers hook and folder', async () => {
    const folder = temporaryFolder('linked');
    expect(await cascade([...setup, '--path', folder])).toBe(0);
    expect(told()).toMatch(/acme\/shop: the hook to https:\/\/cascade\.example\.com\/webhooks\/github is made\n[^]*labels are there[^]*belongs to acme\/shop/);
    const { 'acme/shop': id } = await redis.hgetall(redisKeys.githubHooks);
    expect(github.world.knownRepository('acme/shop').hooks.get(Number(id))).toMatchObject({ secret: 'canary-new' });
    expect(await redis.hgetall(redisKeys.githubRepositories)).toEqual({ [folder]: 'acme/shop' });
    expect(await cascade([...setup, '--json'])).toBe(0);
    expect(JSON.parse(screen.dataLines[0]!)).toEqual({ repository: 'acme/shop', hook: { id: Number(id), isNew: false }, hasLabels: true, findings: [], url: 'https://cascade.example.com/webhooks/github' });
  });

  it('puts links into every partition, because each looks up its own', async () => {
    const folder = temporaryFolder('linked');
    expect(await cascade([...setup, '--path', folder], { CASCADE_PARTITIONS: '2' })).toBe(0);
    expect(await Promise.all(['{p00}:', '{p01}:'].map((prefix) => redis.hget(`${prefix}${redisKeys.githubRepositories}`, folder)))).toEqual(['acme/shop', 'acme/shop']);
    expect(await redis.hlen(`{p01}:${redisKeys.githubHooks}`)).toBe(0);
  });

  it('names what is missing, and ends with 3', async () => {
    token = github.addToken({ login: 'acme', permissions: { metadata: 'read', issues: 'read' } });
    expect(await cascade(setup)).toBe(3);
    expect(told()).toMatch(/Missing:.*issues: write[^]*Missing:.*hooks.*: write/);
    expect(await redis.exists(redisKeys.githubHooks)).toBe(0);
  });

  it.each<[readonly string[], Record<string, string | undefined>, RegExp]>([
    [['setup', '--repo', 'shop', '--url', 'https://x.org'], {}, /owner\/name/], [['setup', '--repo', 'a/b', '--url', 'http://x.org'], {}, /https/], [['setup', '--repo', 'a/b', '--url', 'https://u:p@x.org'], {}, /https/],
    [['setup', '--repo', 'a/b'], {}, /--url/], [setup, { CASCADE_GITHUB_WEBHOOK_SECRETS: '' }, /CASCADE_GITHUB_WEBHOOK_SECRETS[^]*openssl/], [setup, { CASCADE_GITHUB_TOKEN: '' }, /CASCADE_GITHUB_TOKEN/],
  ])('says what is wrong with %j %j', async (args, env, message) => {
    expect(await cascade(args, env)).toBe(2);
    expect(told()).toMatch(message);
  });

  it('shows how the mirror stands', async () => {
    expect(await cascade(['status'])).toBe(0);
    expect(told()).toBe('queue: 0 in hand, 0 due, 0 later, 0 replies; 0 given up');
    const now = Date.now();
    await redis.hset(redisKeys.githubHooks, 'acme/shop', '7');
    await redis.hset(redisKeys.githubCaughtUp, 'acme/shop', now);
    await redis.zadd(redisKeys.githubDirty, now - 90_000, 'item:a', now - 1_000, 'item:b', now + 600_000, 'item:c', -3, 'item:e'); // what a leader has in hand has its negative token
    await redis.hset(redisKeys.githubParked, 'item:d', JSON.stringify({ code: 'CASC_GITHUB_GONE', message: '\u001b[31mgone' }));
    await redis.zadd(redisKeys.githubBucket('token-x'), now - 1_800_000, 'one', now - 1_000, 'two');
    expect(await cascade(['status'])).toBe(0);
    expect(told()).toMatch(/acme\/shop {2}hook 7 {2}failed[^]*queue: 1 in hand, 2 due \(oldest for 9\d s\), 1 later, 0 replies; 1 given up\n {2}item:d.*CASC_GITHUB_GONE[^\u001b]*token-x: created 1 of 80 in a minute, 2 of 500 in an hour; what waits takes up to 1 min/);
    expect(await cascade(['status', '--json'])).toBe(0);
    expect(JSON.parse(screen.dataLines[0]!)).toMatchObject({ inHand: 1, due: 2, later: 1, asked: 0, givenUp: [{ matter: 'item:d' }], hooks: [{ repository: 'acme/shop', id: 7 }], limits: [{ installation: 'token-x', lastHour: 2 }], linked: {}, mirrored: [] });
  });
});
