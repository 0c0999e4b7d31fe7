import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { githubDeliveryReceived, redisKeys, Secret } from '@cascade/contracts';
import { ensureHook, GitHubAccess, type GitHubCredentials } from '@cascade/github';
import { noLimits, startFakeGitHub, type FakeGitHub } from '@cascade/github-fake';
import { readHostConfig } from '@cascade/service-host';
import { fieldsOf } from '@cascade/streams';
import { failOnLeaks, removeTemporaryFolders, startTestRedis, temporaryFolder, untilTrue, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { Ingestion } from './ingestion.js';
import { MAX_TRIES, MissedDeliveries } from './missed-deliveries.js';

failOnLeaks();
Logger.overrideLogger(false); // troubles are told, as they should be

const stream = redisKeys.stream(githubDeliveryReceived.type);
const secret = new Secret('a webhook secret');
const repository = { owner: 'acme', name: 'shop' };
const HOUR = 3_600_000;

describe('deliveries that a service missed', () => {
  let server: TestRedis;
  let redis: Redis;
  let github: FakeGitHub;
  let ingestion: Ingestion;
  let port: number;
  let token: string;
  let looks: MissedDeliveries[];

  const open = async (): Promise<void> => {
    const env = { REDIS_URL: server.url, CASCADE_HOME: temporaryFolder('webhook'), CASCADE_GITHUB_WEBHOOK_SECRETS: secret.reveal(), CASCADE_WEBHOOK_PORT: String(port) };
    ingestion = await Ingestion.open(readHostConfig(env), env);
    port = ingestion.port;
    await untilTrue(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok, 'readiness');
  };
  const accessWith = (credentials: GitHubCredentials): GitHubAccess => new GitHubAccess({ api: github.url, credentials, hasLimits: false }, { retryDelayMs: 1 });
  const looking = (access = accessWith({ kind: 'token', token: new Secret(token) })): MissedDeliveries => {
    const missed = new MissedDeliveries({ redis, access, everyMs: HOUR });
    looks.push(missed);
    return missed;
  };
  /** Lets the next one look. */
  const look = async (missed = looking()): Promise<void> => {
    await missed.look();
    await missed.stop();
    await github.settled();
  };
  const titles = async (): Promise<string[]> => (await redis.xrange(stream, '-', '+')).map(([, flat]) => (JSON.parse(fieldsOf(flat)['data']!) as { payload: { issue: { title: string } } }).payload.issue.title);
  const write = (title: string): void => { github.asPerson('acme').createIssue({ repository: 'acme/shop', title }); };

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
    [port, looks] = [0, []];
    github = await startFakeGitHub({ limits: noLimits });
    ({ token } = github.addUser('acme'));
    github.addRepository('acme/shop');
    await open();
  });
  afterEach(async () => {
    for (const missed of looks) await missed.stop();
    await ingestion.close();
    await github.close();
  });
  const hook = async (): Promise<number> => {
    const client = await accessWith({ kind: 'token', token: new Secret(token) }).clientFor(repository, 'hooks');
    const made = await ensureHook(client, repository, { url: `http://127.0.0.1:${port}/webhooks/github`, secret });
    await redis.hset(redisKeys.githubHooks, 'acme/shop', made.id);
    await github.settled();
    return made.id;
  };

  it('arrive once it is back, each once, in the order of what happened', async () => {
    await hook();
    write('before');
    await github.settled();
    await ingestion.close();
    for (const title of ['one', 'two', 'three']) write(title);
    await github.settled();
    await open();
    write('after');
    await github.settled();
    await look();
    expect(await titles()).toEqual(['before', 'after', 'one', 'two', 'three']);
    await look();
    expect(await redis.xlen(stream)).toBe(5);
    expect(Number(await redis.hget(redisKeys.githubCaughtUp, 'acme/shop'))).toBeGreaterThan(0);
  });

  it('are asked for so often, and then no more', async () => {
    await hook();
    await ingestion.close();
    write('never');
    await github.settled();
    for (let round = 0; round < MAX_TRIES + 2; round += 1) await look();
    const attempts = github.journal.entries().filter(({ path }) => path.endsWith('attempts')).length;
    expect(attempts).toBe(MAX_TRIES);
    await open();
    await look();
    expect(await titles()).toEqual([]);
  });

  it('of an App are asked for by the App, too', async () => {
    const { id, privateKey } = github.addApp({ slug: 'cascade', owner: 'acme', permissions: { issues: 'write', metadata: 'read' }, events: ['issues'], hook: { url: `http://127.0.0.1:${port}/webhooks/github`, secret: secret.reveal() } });
    await ingestion.close();
    write('while away');
    await github.settled();
    await open();
    await look(looking(accessWith({ kind: 'app', appId: String(id), privateKey: new Secret(privateKey) })));
    expect(await titles()).toEqual(['while away']);
  });

  it('are looked for by one process at a time', async () => {
    await hook();
    const [one, other] = [looking(), looking()];
    const before = github.journal.entries().length;
    await one.look();
    const asked = github.journal.entries().length - before;
    await other.look();
    expect([asked > 0, github.journal.entries().length]).toEqual([true, before + asked]);
    await one.stop();
    await other.look();
    expect(github.journal.entries().length).toBe(before + 2 * asked);
  });

  it('do not keep others from being looked for when one hook cannot be asked', async () => {
    await redis.hset(redisKeys.githubHooks, { 'acme/gone': '1', 'not a name': '2' });
    await hook();
    await ingestion.close();
    write('found');
    await github.settled();
    await open();
    await look();
    expect(await titles()).toEqual(['found']);
  });
});
