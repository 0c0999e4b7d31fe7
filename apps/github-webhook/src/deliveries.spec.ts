import { createRequire } from 'node:module';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fromEntry, githubDeliveryReceived, MAX_WEBHOOK_BYTES, redisKeys } from '@cascade/contracts';
import { hookEvents } from '@cascade/github';
import { readHostConfig } from '@cascade/service-host';
import { fieldsOf, MAX_PAYLOAD_BYTES } from '@cascade/streams';
import { failOnLeaks, removeTemporaryFolders, startTestRedis, temporaryFolder, type TestRedis } from '@cascade/testing';
import { webhookMetrics } from '@cascade/telemetry';
import { Redis } from 'ioredis';
import { Ingestion } from './ingestion.js';
import type { Outcome } from './outcomes.js';
import { issueOpened, Sender } from './testing/sender.js';

failOnLeaks();

const stream = redisKeys.stream(githubDeliveryReceived.type);

describe('deliveries', () => {
  let server: TestRedis;
  let redis: Redis;
  let ingestion: Ingestion;
  let sender: Sender;

  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
    const env = { REDIS_URL: server.url, CASCADE_HOME: temporaryFolder('webhook'), CASCADE_GITHUB_WEBHOOK_SECRETS: 'new secret,old secret', CASCADE_WEBHOOK_PORT: '0', CASCADE_PARTITIONS: '1' };
    ingestion = await Ingestion.open(readHostConfig(env), env);
    sender = new Sender(ingestion.port, 'new secret');
    while ((await sender.get('/readyz')).status !== 200) await redis.ping();
  });
  afterAll(async () => {
    sender.close();
    await ingestion.close();
    redis.disconnect();
    await server.stop();
    removeTemporaryFolders();
  });
  beforeEach(async () => { await redis.flushall(); });

  const entries = async () => (await redis.xrange(stream, '-', '+')).map(([id, flat]) => ({ id, fields: fieldsOf(flat) }));
  const counted = (outcome: Outcome): number => webhookMetrics.requests.at({ outcome }).value;

  it('become events with the attributes of the CloudEvents adapter', async () => {
    expect(await sender.deliver(issueOpened, 'issues', 'a1b2')).toEqual({ status: 202, text: '{"outcome":"accepted"}\n' });
    const [{ id, fields } = { id: '', fields: {} }] = await entries();
    expect(fields).toMatchObject({ id: 'a1b2', source: issueOpened.repository.url, subject: '7', time: '2026-01-05T09:00:00Z', githubtype: 'com.github.issue.opened', type: 'github.delivery_received', datacontenttype: 'application/json', specversion: '1.0' });
    expect(fromEntry(githubDeliveryReceived, id, fields).data).toEqual({ delivery: 'a1b2', event: 'issues', action: 'opened', repository: 'acme/shop', sender: 'ann', payload: issueOpened });
    expect(await redis.pttl(redisKeys.delivery('a1b2'))).toBeGreaterThan(6.9 * 24 * 3_600_000);
  });

  it('of real payloads are taken, each once, or known to be none of ours', async () => {
    const all = createRequire(import.meta.url)('@octokit/webhooks-examples') as { readonly name: string; readonly examples: readonly object[] }[];
    const statuses = await Promise.all(all.flatMap(({ name, examples }) => examples.map(async (example) => [name, (await sender.deliver(example, name)).status])));
    expect(statuses.filter(([name, status]) => status !== ((hookEvents as readonly unknown[]).includes(name) ? 202 : 204))).toEqual([]);
    expect([statuses.length, await redis.xlen(stream)]).toEqual([329, 74]);
  });

  it('that come again are answered alike and have no effect, also when all come at once', async () => {
    const before = counted('repeated');
    const answers = await Promise.all(Array.from({ length: 30 }, () => sender.deliver(issueOpened, 'issues', 'again')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(await redis.xlen(stream)).toBe(1);
    const other = new Sender(ingestion.port, 'old secret');
    expect((await other.deliver({ ...issueOpened, action: 'deleted' }, 'issues', 'again')).text).toContain('repeated');
    other.close();
    expect((await entries()).map(({ fields }) => JSON.parse(fields['data']!).action)).toEqual(['opened']);
    expect(counted('repeated')).toBe(before + 30);
  });

  it('count when they are signed with any active secret, and only then', async () => {
    for (const [secret, status] of [['old secret', 202], ['older secret', 401], ['new secret,old secret', 401], [' new secret', 401]] as const) {
      const other = new Sender(ingestion.port, secret);
      expect([secret, (await other.deliver(issueOpened)).status]).toEqual([secret, status]);
      other.close();
    }
    expect(await redis.xlen(stream)).toBe(1);
  });

  it('that are not signed, or not by GitHub, are refused before anything else is said about them', async () => {
    const body = JSON.stringify(issueOpened);
    const good = sender.headers(body);
    const signature = String(good['x-hub-signature-256']);
    const battery: [string, string | Buffer, Record<string, unknown>][] = [
      ['no signature', body, { ...good, 'x-hub-signature-256': undefined }],
      ['the old kind', body, { ...good, 'x-hub-signature-256': undefined, 'x-hub-signature': `sha1=${'a'.repeat(40)}` }],
      ['another body', body.replace('opened', 'closed'), good], ['a longer body', `${body} `, good], ['an empty body', '', good], ['no JSON', '{', good],
      ['two signatures', body, { ...good, 'x-hub-signature-256': [signature, signature] }],
      ['a signature and another', body, { ...good, 'x-hub-signature-256': [`sha256=${'0'.repeat(64)}`, signature] }],
      ['a prefix', body, { ...good, 'x-hub-signature-256': signature.slice(0, -1) }], ['zeros', body, { ...good, 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }],
      ['a replay of another delivery\'s signature', JSON.stringify({ ...issueOpened, action: 'deleted' }), good],
      ['an unknown event', body, { ...good, 'x-github-event': 'ping', 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }],
    ];
    for (const [what, sent, headers] of battery) {
      const { status, text } = await sender.post(sent, headers as never);
      expect([what, status, text]).toEqual([what, 401, expect.stringMatching(/^{"outcome":"(unsigned|forged)"}\n$/)]);
    }
    expect(await redis.dbsize()).toBe(0);
  });

  it('go into every partition, and what one of them misses comes with the repetition', async () => {
    const env = { REDIS_URL: server.url, CASCADE_HOME: temporaryFolder('webhook'), CASCADE_GITHUB_WEBHOOK_SECRETS: 'new secret', CASCADE_WEBHOOK_PORT: '0', CASCADE_PARTITIONS: '2' };
    const both = await Ingestion.open(readHostConfig(env), env);
    const other = new Sender(both.port, 'new secret');
    while ((await other.get('/readyz')).status !== 200) await redis.ping();
    const lengths = async (): Promise<number[]> => Promise.all(['{p00}:', '{p01}:', ''].map((prefix) => redis.xlen(`${prefix}${stream}`)));
    expect((await other.deliver(issueOpened, 'issues', 'everywhere')).text).toContain('accepted');
    expect(await lengths()).toEqual([1, 1, 0]);
    await redis.del(`{p01}:${stream}`, `{p01}:${redisKeys.delivery('everywhere')}`); // it was away when the first came
    expect((await other.deliver(issueOpened, 'issues', 'everywhere')).text).toContain('accepted');
    expect((await other.deliver(issueOpened, 'issues', 'everywhere')).text).toContain('repeated');
    expect(await lengths()).toEqual([1, 1, 0]);
    other.close();
    await both.close();
  });

  it('of which nothing is known have no effect', async () => {
    for (const event of ['ping', 'star', 'meta', 'x9']) expect(await sender.deliver({ zen: 'Keep it simple.' }, event)).toEqual({ status: 204, text: '' });
    expect(await redis.dbsize()).toBe(0);
  });

  it('may be large: past an entry they lie in the store, past an event they are reduced, and it says so', async () => {
    const large = (bytes: number) => ({ ...issueOpened, issue: { ...issueOpened.issue, body: 'x'.repeat(bytes) } });
    expect((await sender.deliver(large(600_000), 'issues', 'stored')).status).toBe(202);
    expect((await sender.deliver(large(MAX_PAYLOAD_BYTES), 'issues', 'reduced')).status).toBe(202);
    const [stored, reduced] = await entries();
    expect(stored!.fields).toMatchObject({ datasize: expect.stringMatching(/^600\d{3}$/), githubtype: 'com.github.issue.opened' });
    const { data } = fromEntry(githubDeliveryReceived, reduced!.id, reduced!.fields);
    expect(data).toMatchObject({ delivery: 'reduced', repository: 'acme/shop', payload: { action: 'opened', issue: { number: 7 } } });
    expect(data.reducedFrom).toBe(JSON.stringify(large(MAX_PAYLOAD_BYTES)).length);
    expect(reduced!.fields['data']!.length).toBeLessThan(1_000);
  });

  it('are refused when they are larger than GitHub sends any, by what they say and by what comes', async () => {
    expect((await sender.post('', { ...sender.headers(''), 'content-length': MAX_WEBHOOK_BYTES + 1 }, { isAlone: true })).status).toBe(413);
    const body = Buffer.alloc(MAX_WEBHOOK_BYTES + 1, 0x20);
    expect((await sender.post(body, { ...sender.headers(''), 'transfer-encoding': 'chunked' })).status).toBe(413);
    const most = Buffer.alloc(MAX_WEBHOOK_BYTES, 0x20);
    expect((await sender.post(most, { ...sender.headers(most), 'transfer-encoding': 'chunked' })).status).toBe(400); // large enough to be read, and no JSON
    expect(await redis.dbsize()).toBe(0);
  });

  it('have one address', async () => {
    for (const [method, path] of [['GET', '/webhooks/github'], ['PUT', '/webhooks/github'], ['POST', '/'], ['POST', '/webhooks/github/'], ['POST', '/healthz'], ['GET', '/metrics'], ['POST', '/webhooks/../webhooks/github']]) {
      expect([method, path, (await sender.post('', sender.headers(''), { method: method!, path: path! })).status]).toEqual([method, path, 404]);
    }
  });

  it('are counted by how they ended', async () => {
    const names: Outcome[] = ['accepted', 'repeated', 'unknown_event', 'malformed', 'unsigned', 'forged', 'too_large', 'not_found', 'unavailable'];
    expect(names.map(counted)).toEqual([expect.any(Number), expect.any(Number), 255 + 4, 1, 5, expect.any(Number), 2, 7, 0]);
    expect((await sender.get('/healthz')).text).toContain('up');
  });
});
