import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { githubDeliveryReceived, redisKeys } from '@cascade/contracts';
import { failOnLeaks, freePort, removeTemporaryFolders, SeededRandom, startFaultProxy, startTestRedis, temporaryFolder, untilTrue, type FaultProxy, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { issueOpened, Sender } from './testing/sender.js';

failOnLeaks();

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const stream = redisKeys.stream(githubDeliveryReceived.type);
const canary = 'canary-3f9a';
const secrets = [`${canary}-new`, `${canary}-old`];
const seed = Number(process.env['CASCADE_SEED'] ?? Date.now() % 1_000_000);

describe('the process', () => {
  let server: TestRedis;
  let redis: Redis;
  let proxy: FaultProxy;
  let port: number;
  let home: string;
  let child: ChildProcess | undefined;
  let sender: Sender;
  let printed: string;
  /** Takes traces, and never answers. */
  let collector: Server;
  let traces = 0;

  /** Unless it runs: starting takes most of the time of these tests. */
  async function start(): Promise<void> {
    if (child !== undefined) return;
    const env = {
      PATH: process.env['PATH'], REDIS_URL: `redis://127.0.0.1:${proxy.port}`, CASCADE_HOME: home, CASCADE_WEBHOOK_PORT: String(port),
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`, OTEL_EXPORTER_OTLP_TIMEOUT: '600000', OTEL_BSP_SCHEDULE_DELAY: '50',
      CASCADE_GITHUB_WEBHOOK_SECRETS: secrets.join(','), CASCADE_GITHUB_TOKEN: `ghp_${canary}`, CASCADE_GITHUB_API: 'http://127.0.0.1:1', CASCADE_GITHUB_MARKER_SECRET: `${canary}-marker`,
    };
    child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const output of [child.stdout!, child.stderr!]) output.on('data', (text: Buffer) => { printed += text.toString(); });
    await untilTrue(async () => {
      if (child?.exitCode != null) throw new TypeError(`It ended: ${printed}`);
      return (await sender.get('/readyz').catch(() => undefined))?.status === 200;
    }, 'the process to be ready');
  }

  /** How it ended. */
  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const dying = child;
    child = undefined;
    if (dying === undefined || dying.exitCode !== null) return null;
    const gone = once(dying, 'exit');
    dying.kill(signal);
    return ((await gone) as [number | null])[0];
  }

  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
    port = await freePort();
    home = path.join(temporaryFolder('webhook'), 'home');
    printed = '';
    proxy = await startFaultProxy(server.port);
    collector = createServer(() => { traces += 1; }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    sender = new Sender(port, secrets[0]!);
  });
  afterAll(async () => {
    await end('SIGKILL');
    sender.close();
    collector.closeAllConnections();
    collector.close();
    await proxy.close();
    redis.disconnect();
    await server.stop();
    removeTemporaryFolders();
  });
  beforeEach(async () => { await redis.flushall(); });

  it('that is killed after it verified and before it published leaves nothing; the redelivery is the one event', async () => {
    await start();
    await redis.client('PAUSE', 120_000, 'WRITE');
    const delivering = sender.deliver(issueOpened, 'issues', 'killed').then(() => 'answered', () => 'cut');
    await untilTrue(async () => /name=cascade-publisher.*cmd=evalsha/.test(String(await redis.client('LIST'))), 'the script to wait in Redis');
    await end('SIGKILL');
    expect(await delivering).toBe('cut');
    await untilTrue(async () => !String(await redis.client('LIST')).includes('name=cascade-publisher'), 'Redis to see it gone');
    await redis.client('UNPAUSE');
    expect((await redis.keys('*')).filter((key) => !key.startsWith(redisKeys.lease('')))).toEqual([]); // of the job beside it
    await start();
    expect((await sender.deliver(issueOpened, 'issues', 'killed')).text).toContain('accepted');
    expect(await redis.xlen(stream)).toBe(1);
  });

  it('that is killed after it published and before it answered has published; the redelivery has no effect', async () => {
    await start();
    await sender.deliver(issueOpened, 'issues', 'first'); // Redis knows the script from now on
    proxy.set({ kind: 'unanswered' });
    const delivering = sender.deliver(issueOpened, 'issues', 'killed').then(() => 'answered', () => 'cut');
    await untilTrue(async () => await redis.xlen(stream) === 2, 'the event');
    await end('SIGKILL');
    expect(await delivering).toBe('cut');
    proxy.set({ kind: 'none' });
    await start();
    expect((await sender.deliver(issueOpened, 'issues', 'killed')).text).toContain('repeated');
    expect(await redis.xlen(stream)).toBe(2);
  });

  it(`that is killed at a random moment loses and doubles nothing that is delivered again (seed ${seed})`, async () => {
    const random = new SeededRandom(seed);
    await start();
    const ids = Array.from({ length: 60 }, (_, n) => `d-${n}`);
    const answered = new Set<string>();
    const deliver = async (id: string): Promise<void> => { if ((await sender.deliver(issueOpened, 'issues', id)).status === 202) answered.add(id); };
    const all = Promise.allSettled(ids.map(deliver));
    const enough = 1 + random.below(40);
    await untilTrue(() => answered.size >= enough, 'some answers');
    await end('SIGKILL');
    await all;
    const [before, heard] = [await redis.xlen(stream), answered.size];
    expect(before).toBeGreaterThanOrEqual(heard);
    await start();
    await Promise.all(ids.filter((id) => !answered.has(id)).map(deliver));
    expect(answered.size).toBe(60);
    const published = (await redis.xrange(stream, '-', '+')).map(([, fields]) => fields[fields.indexOf('id') + 1]!);
    expect(published.toSorted((a, b) => a.localeCompare(b))).toEqual(ids.toSorted((a, b) => a.localeCompare(b)));
  });

  it('ends in good order at SIGTERM, also when nobody takes its traces, and tells no secret in logs, answers or Redis', async () => {
    await start();
    const [body, heard] = [JSON.stringify(issueOpened), [] as string[]];
    const good = sender.headers(body, 'issues', 'told');
    const battery = [good, {}, { ...good, 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }, { ...good, 'x-github-delivery': ':' }, { ...good, 'x-github-event': 'ping' }, sender.headers(body)];
    for (const headers of battery) heard.push(JSON.stringify(await sender.post(body, headers)));
    heard.push((await sender.post('{', sender.headers('{'))).text, (await sender.get('/readyz')).text);
    await redis.hset(redisKeys.githubHooks, 'acme/shop', '7'); // GitHub cannot be reached
    proxy.set({ kind: 'reset' });
    heard.push((await sender.post(body, sender.headers(body))).text);
    proxy.set({ kind: 'none' });
    await untilTrue(async () => (await sender.get('/readyz')).status === 200, 'Redis to be back');
    await untilTrue(() => traces > 0, 'traces that nobody takes');
    expect(await end('SIGTERM')).toBe(0);
    const stored = await Promise.all((await redis.keys('*')).map(async (key) => [key, String(await redis.dump(key))]));
    expect(heard.join()).toMatch(/accepted[^]*unsigned[^]*forged[^]*malformed[^]*unavailable/);
    expect(`${heard.join()}${printed}${JSON.stringify(stored)}`).not.toContain(canary);
  });
});
