import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { githubDeliveryReceived, redisKeys } from '@cascade/contracts';
import { readHostConfig } from '@cascade/service-host';
import { failOnLeaks, removeTemporaryFolders, startTestRedis, temporaryFolder, untilTrue, type TestRedis } from '@cascade/testing';
import { webhookMetrics } from '@cascade/telemetry';
import { Redis } from 'ioredis';
import { Ingestion } from './ingestion.js';
import type { Outcome } from './outcomes.js';
import { rawExchange, statusesOf } from './testing/raw-http.js';
import { issueOpened, Sender, type Answer } from './testing/sender.js';

failOnLeaks();
Logger.overrideLogger(false); // troubles are told, as they should be

const stream = redisKeys.stream(githubDeliveryReceived.type);
const secret = 'hostile';

describe('senders that are slow, many, large or gone', () => {
  let server: TestRedis;
  let redis: Redis;
  let ingestion: Ingestion;
  let sender: Sender;
  const open = async (limits: Parameters<typeof Ingestion.open>[2] = {}): Promise<void> => {
    const env = { REDIS_URL: server.url, CASCADE_HOME: temporaryFolder('webhook'), CASCADE_GITHUB_WEBHOOK_SECRETS: secret, CASCADE_WEBHOOK_PORT: '0' };
    webhookMetrics.requests.reset();
    ingestion = await Ingestion.open(readHostConfig(env), env, limits);
    sender = new Sender(ingestion.port, secret);
    await untilTrue(async () => (await sender.get('/readyz')).status === 200, 'readiness');
  };
  const counted = async (outcome: Outcome): Promise<number> => webhookMetrics.requests.at({ outcome }).value;
  const begin = async (bytes: string): Promise<Socket> => {
    const socket = connect(ingestion.port, '127.0.0.1').on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(bytes);
    return socket;
  };
  /** A true delivery of which the last bytes are still to come. */
  const headOf = (body: string): string => `POST /webhooks/github HTTP/1.1\r\nhost: x\r\n${Object.entries(sender.headers(body, 'issues', 'slow')).map(([name, value]) => `${name}: ${String(value)}\r\n`).join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  /** The service has the headers of a true delivery, and waits for its body. */
  const underWay = async (body: string): Promise<Socket> => {
    const socket = await begin(headOf(body).replace('host: x', 'host: x\r\nexpect: 100-continue'));
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 100/);
    return socket;
  };

  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
    removeTemporaryFolders();
  });
  beforeEach(async () => { await redis.flushall(); });
  afterEach(async () => {
    sender.close();
    await ingestion.close();
  });

  it('are cut off when headers or body do not come in time', async () => {
    await open({ headersWithinMs: 150, requestWithinMs: 300, lookEveryMs: 30 });
    const body = JSON.stringify(issueOpened);
    expect(statusesOf(await rawExchange(ingestion.port, 'POST /webhooks/github HTTP/1.1\r\nhost: x\r\n'))).toEqual([408]);
    expect(statusesOf(await rawExchange(ingestion.port, `${headOf(body)}${body.slice(0, 9)}`))).toEqual([408]);
    expect([await counted('timed_out'), await counted('aborted'), await redis.dbsize()]).toEqual([2, 0, 0]);
  });

  it('are closed at once beyond so many connections, and the others go on', async () => {
    await open({ connections: 3 });
    const open2 = [await begin(''), await begin('')];
    await untilTrue(async () => (await rawExchange(ingestion.port, '')) === '', 'one too many to be closed');
    for (const socket of open2) socket.destroy();
    await untilTrue(async () => (await sender.deliver(issueOpened).catch((): Answer => ({ status: 0, text: '' }))).status === 202, 'a delivery to be taken again');
    expect(await counted('refused')).toBeGreaterThan(0);
  });

  it.each([
    ['no HTTP', 'SSH-2.0-x\r\n\r\n', 400], ['a TLS hello', '\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n', 400], ['headers that are too large', `POST /webhooks/github HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['two lengths', 'POST /webhooks/github HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!', 400], ['a length and chunks', 'POST /webhooks/github HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n', 400],
    ['a negative length', 'POST /webhooks/github HTTP/1.1\r\nhost: x\r\ncontent-length: -5\r\n\r\n', 400], ['a chunk that is none', 'POST /webhooks/github HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n', undefined],
    ['a folded header', 'POST /webhooks/github HTTP/1.1\r\nhost: x\r\nx-github-event: issues\r\n bent\r\n\r\n', 400], ['no host', 'POST /webhooks/github HTTP/1.1\r\n\r\n', 400],
  ])('are told that %s is malformed', async (_what, bytes, status) => {
    await open();
    const statuses = statusesOf(await rawExchange(ingestion.port, Buffer.from(bytes, 'latin1'), true));
    expect(statuses.filter((one) => one < 400)).toEqual([]);
    if (status !== undefined) expect(statuses.at(-1)).toBe(status);
    expect((await sender.deliver(issueOpened)).status).toBe(202);
  });

  it('are told to come again when others send too much at once, and what they sent is forgotten', async () => {
    await open({ bytesInFlight: 3_000 });
    const [large, slow] = [JSON.stringify({ ...issueOpened, more: 'x'.repeat(3_000) }), JSON.stringify({ ...issueOpened, more: 'x'.repeat(2_500) })];
    expect(await sender.post(large, sender.headers(large))).toEqual({ status: 503, text: '{"outcome":"unavailable","why":"too much at once"}\n' });
    let holding: Socket | undefined;
    await untilTrue(async () => {
      holding?.destroy(); // it came while the other one was there, and was refused itself
      holding = await underWay(slow);
      holding.write(slow.slice(0, 2_700));
      return (await sender.deliver({ ...issueOpened, more: 'x'.repeat(1_000) })).status === 503;
    }, 'a slow one to be held');
    holding!.destroy();
    await untilTrue(async () => (await sender.post(slow, sender.headers(slow))).status === 202, 'room');
    for (let round = 0; round < 20; round += 1) expect((await sender.post(slow, sender.headers(slow))).status).toBe(202); // all of it was given back
  });

  it('that go away in the middle leave nothing, and are counted', async () => {
    await open();
    const body = JSON.stringify(issueOpened);
    const socket = await begin(`${headOf(body)}${body.slice(0, 20)}`);
    await untilTrue(async () => { socket.write(' '); socket.destroy(); return await counted('aborted') === 1; }, 'the abort');
    expect(await redis.dbsize()).toBe(0);
  });

  it('get their answers while the service stops, and no new ones are taken', async () => {
    await open();
    const body = JSON.stringify(issueOpened);
    const socket = await underWay(body);
    const stopping = ingestion.close();
    await expect(sender.post(body, sender.headers(body), { isAlone: true })).rejects.toThrow(/ECONNREFUSED/);
    socket.write(body);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 202[^]*connection: close[^]*accepted/i);
    await stopping;
    expect(await redis.xlen(stream)).toBe(1);
  });

  it('are told at once that Redis is away, and are served again when it is back', async () => {
    await open({ publishWithinMs: 250 });
    server.pause(); // alive and silent: what is sent is in doubt
    expect(await sender.deliver(issueOpened, 'issues', 'in-doubt')).toEqual({ status: 503, text: '{"outcome":"unavailable"}\n' });
    server.resume();
    await untilTrue(async () => await redis.xlen(stream) === 1, 'what was in doubt');
    expect((await sender.deliver(issueOpened, 'issues', 'in-doubt')).text).toContain('repeated');
    await server.kill();
    await untilTrue(async () => (await sender.get('/readyz')).status === 503, 'the loss to be seen');
    expect((await sender.deliver(issueOpened, 'issues', 'refused')).status).toBe(503);
    expect((await sender.get('/healthz')).status).toBe(200);
    await server.restart();
    await untilTrue(async () => (await sender.get('/readyz')).status === 200, 'Redis to be back');
    expect((await sender.deliver(issueOpened, 'issues', 'refused')).text).toContain('accepted');
    expect(await counted('unavailable')).toBe(2);
  });

  it('do not make a service start without a secret, or on a port that is taken', async () => {
    await open();
    const env = { REDIS_URL: server.url, CASCADE_HOME: temporaryFolder('webhook'), CASCADE_WEBHOOK_PORT: String(ingestion.port) };
    await expect(Ingestion.open(readHostConfig(env), env)).rejects.toMatchObject({ code: 'CASC_CONFIGURATION_INVALID', message: expect.stringContaining('CASCADE_GITHUB_WEBHOOK_SECRETS') });
    const taken = { ...env, CASCADE_GITHUB_WEBHOOK_SECRETS: secret };
    await expect(Ingestion.open(readHostConfig(taken), taken)).rejects.toMatchObject({ code: 'CASC_WEBHOOK_PORT_TAKEN' });
  });
});
