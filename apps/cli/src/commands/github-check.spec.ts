import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { redisKeys } from '@cascade/contracts';
import { noLimits, startFakeGitHub, type FakeGitHub } from '@cascade/github-fake';
import { removeTemporaryFolders, startTestRedis, temporaryFolder, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { checkGitHub } from './github-check.js';

let server: TestRedis;
let redis: Redis;
let github: FakeGitHub;

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
  for (const login of ['acme', 'ann']) github.addUser(login);
  for (const name of ['acme/shop', 'acme/till']) github.addRepository(name, { isPrivate: true, collaborators: { ann: 'write' } });
});
afterEach(() => github.close());

const check = (token?: string, env: NodeJS.ProcessEnv = {}): Promise<unknown> => checkGitHub({
  REDIS_URL: server.url, CASCADE_HOME: temporaryFolder('home'), CASCADE_GITHUB_API: github.url, CASCADE_GITHUB_LIMITS: 'none', ...(token === undefined ? {} : { CASCADE_GITHUB_TOKEN: token }), ...env,
});

it('asks GitHub only where it is connected, and says when no repository is set up', async () => {
  expect(await check()).toEqual({ ok: true, detail: expect.stringContaining('not connected') });
  expect(await check(github.addToken({ login: 'acme' }))).toEqual({ ok: true, detail: `acme at ${github.url}, no repository is set up (\`cascade github setup\`)` });
});

it('names what is missing in each repository that was set up, mirrored or linked, in any partition, and changes nothing', async () => {
  await redis.hset(`{p00}:${redisKeys.githubHooks}`, 'acme/shop', '77');
  await redis.sadd(`{p01}:${redisKeys.githubMirrored}`, 'acme/till');
  await redis.hset(`{p01}:${redisKeys.githubRepositories}`, '/srv/lost', 'acme/lost');
  const owner = github.addToken({ login: 'acme', scopes: ['repo', 'admin:repo_hook'] });
  expect(await check(owner, { CASCADE_PARTITIONS: '2' })).toEqual({
    ok: false, detail: expect.stringMatching(/^acme at [^ ]+: acme\/lost: .*404.* acme\/shop: The webhook 77 is gone/), advice: expect.stringContaining('cascade github setup'),
  });
  await redis.hdel(`{p01}:${redisKeys.githubRepositories}`, '/srv/lost');
  await redis.hdel(`{p00}:${redisKeys.githubHooks}`, 'acme/shop');
  await redis.sadd(`{p01}:${redisKeys.githubMirrored}`, 'acme/shop');
  expect(await check(owner, { CASCADE_PARTITIONS: '2' })).toEqual({ ok: true, detail: expect.stringMatching(/who lacks nothing in acme\/shop, acme\/till$/) });
  expect(await check(github.addToken({ login: 'ann' }), { CASCADE_PARTITIONS: '2' })).toMatchObject({ ok: false, detail: expect.stringMatching(/acme\/shop: Whose token this is does not administer .*acme\/till: Whose/) });
  const narrow = github.addToken({ login: 'acme', permissions: { metadata: 'read', contents: 'read', repository_hooks: 'write' }, repositories: ['acme/shop', 'acme/till'] });
  expect(await check(narrow, { CASCADE_PARTITIONS: '2' })).toMatchObject({ ok: false, detail: expect.stringMatching(/acme\/till: .*permission issues: read.*permission pull_requests: read/) });
  expect(github.journal.writes({})).toEqual([]);
});

it('names every permission that an App lacks, and a hook that is switched off', async () => {
  await redis.sadd(redisKeys.githubMirrored, 'acme/shop');
  const lacking = github.addApp({ slug: 'lacking', owner: 'acme', permissions: { metadata: 'read', issues: 'read' } });
  const app = ({ id, privateKey }: { readonly id: number; readonly privateKey: string }): NodeJS.ProcessEnv => ({ CASCADE_GITHUB_APP_ID: String(id), CASCADE_GITHUB_PRIVATE_KEY: privateKey });
  expect(await check(undefined, app(lacking))).toMatchObject({ ok: false, detail: expect.stringMatching(/^lacking\[bot\] at .*issues: write\. .*pull_requests: write\. .*contents: write\. .*repository_hooks: write\./) });
});
