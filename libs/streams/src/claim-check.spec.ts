import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { defineEvent, MAX_DATA_BYTES, publication, retryable, type EventOf, type Outcome } from '@cascade/messages';
import { removeTemporaryFolders, startTestRedis, temporaryFolder, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { MAX_PAYLOAD_BYTES } from './claim-check.js';
import { DeadLetters } from './dead-letters.js';
import { EventPublisher } from './event-publisher.js';
import { FileStore } from './file-store.js';
import { OnEvent } from './on-event.js';
import { outcome } from './outcome.js';
import type { PayloadStore } from './payload-store.js';
import { entriesOf, startTestService, type TestService } from './testing/test-service.js';

jest.setTimeout(90_000);

const book = z.object({ text: z.string() });
const bookWritten = defineEvent('book.written', 'Something long.', book);
const bookPrinted = defineEvent('book.printed', 'As long.', book);
const bookRead = defineEvent('book.read', 'Its length.', z.object({ characters: z.int() }));

let failures = 0;

@Controller()
class Handlers {
  @OnEvent(bookWritten)
  async print({ data }: EventOf<typeof bookWritten>): Promise<Outcome> {
    if (failures > 0) throw retryable('CASC_TEST_BUSY', `not now, ${failures -= 1} times more`);
    return outcome({ publish: [publication(bookPrinted, { text: `${data.text}!` })] });
  }

  @OnEvent(bookPrinted)
  async read({ data }: EventOf<typeof bookPrinted>): Promise<Outcome> {
    return outcome({ publish: [publication(bookRead, { characters: data.text.length })] });
  }
}

const long = 'é'.repeat(MAX_DATA_BYTES);
const payload = (text: string): string => JSON.stringify({ text });
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const urn = (text: string): string => `urn:cascade:payload:sha256:${sha256(text)}`;
const referring = { dataref: urn(payload(long)), datasize: String(Buffer.byteLength(payload(long))) };

describe('a payload that is too large for an entry', () => {
  let server: TestRedis;
  let redis: Redis;
  let folder: string;
  let store: FileStore;
  let publisher: EventPublisher;
  let service: TestService | undefined;

  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
    folder = temporaryFolder('payloads');
    store = new FileStore({ folder });
    publisher = new EventPublisher({ redis: server, store });
  });
  afterEach(async () => {
    await service?.close();
    service = undefined;
    failures = 0;
    await redis.flushall();
    rmSync(folder, { recursive: true, force: true });
  });
  afterAll(async () => {
    await publisher.close();
    redis.disconnect();
    await server.stop();
    removeTemporaryFolders();
  });
  const start = async (given: PayloadStore | undefined = store): Promise<TestService> =>
    (service = await startTestService(server.url, Handlers, { retryDelays: { default: [1, 1] }, ...(given === undefined ? {} : { store: given }) }));
  const letter = async (): Promise<Record<string, string> & { fields: Record<string, string> }> => {
    const [dead] = await entriesOf(redis, 'dead:test', 1);
    return { ...dead, fields: JSON.parse(dead!['entry']!) as Record<string, string> } as never;
  };

  it('goes through the store, from the publisher and from a handler', async () => {
    await start();
    const { id } = await publisher.publish(bookWritten, { text: long });
    const [read] = await entriesOf(redis, 'stream:book.read', 1);
    expect(JSON.parse(read!['data']!)).toEqual({ characters: long.length + 1 });
    const [written] = await entriesOf(redis, 'stream:book.written', 1);
    const [printed] = await entriesOf(redis, 'stream:book.printed', 1);
    expect(written).toMatchObject({ id, ...referring });
    expect(printed).toMatchObject({ causationid: id, dataref: urn(payload(`${long}!`)) });
    for (const entry of [written, printed]) expect(entry).not.toHaveProperty('data');
    expect(read).not.toHaveProperty('dataref');
  });

  it('leaves what fits alone, and refuses what passes its own bound or has no store', async () => {
    await publisher.publish(bookWritten, { text: 'x'.repeat(MAX_DATA_BYTES - payload('').length) });
    expect((await entriesOf(redis, 'stream:book.written', 1))[0]).not.toHaveProperty('dataref');
    await expect(publisher.publish(bookWritten, { text: 'x'.repeat(MAX_PAYLOAD_BYTES) })).rejects.toMatchObject({ code: 'CASC_PAYLOAD_TOO_LARGE', kind: 'terminal' });
    const plain = new EventPublisher({ redis: server });
    await expect(plain.publish(bookWritten, { text: long })).rejects.toMatchObject({ code: 'CASC_PAYLOAD_TOO_LARGE' });
    await plain.close();
  });

  it('stays in the store while its event is tried again', async () => {
    failures = 1;
    await start();
    const { id } = await publisher.publish(bookWritten, { text: long });
    await entriesOf(redis, 'stream:book.read', 1);
    const [retry] = await entriesOf(redis, 'retries:test', 1);
    expect(retry).toMatchObject({ id, ...referring, cascadeattempt: '2' });
    expect(retry).not.toHaveProperty('data');
  });

  it('is missed by the retry table, and its dead letter can be delivered when it is back', async () => {
    await publisher.publish(bookWritten, { text: long }, { cascadeId: 'nobody' });
    rmSync(folder, { recursive: true });
    await start();
    expect(await letter()).toMatchObject({ code: 'CASC_PAYLOAD_MISSING', attempts: '3', fields: referring });
    expect((await letter()).fields).not.toHaveProperty('data');
    await store.put(payload(long));
    const letters = new DeadLetters(redis);
    await letters.retry('test', (await letters.list('test'))[0]!.id);
    await entriesOf(redis, 'stream:book.read', 1);
  });

  it('is missing for a service without a store', async () => {
    await publisher.publish(bookWritten, { text: long }, { cascadeId: 'nobody' });
    service = await startTestService(server.url, Handlers, { retryDelays: { default: [] } });
    expect(await letter()).toMatchObject({ code: 'CASC_PAYLOAD_MISSING', attempts: '1', fields: referring });
  });

  it.each([
    ['a path', { ...referring, dataref: '../../etc/passwd' }],
    ['a path behind the scheme', { ...referring, dataref: 'urn:cascade:payload:sha256:../../etc/passwd' }],
    ['more than a hash', { ...referring, dataref: `${referring.dataref}\n` }],
    ['no length', { dataref: referring.dataref }],
    ['a length beyond the bound', { ...referring, datasize: String(MAX_PAYLOAD_BYTES + 1) }],
    ['an absurd length', { ...referring, datasize: '9'.repeat(400) }],
  ])('is not looked for by %s', async (_name, forged) => {
    const asked: string[] = [];
    await start({ put: (content) => store.put(content), get: (name) => { asked.push(name); return store.get(name); } });
    await redis.xadd('stream:book.written', '*', 'type', 'book.written', ...Object.entries(forged).flat());
    expect(await letter()).toMatchObject({ code: 'CASC_PAYLOAD_INVALID', fields: forged });
    expect(asked).toEqual([]);
  });

  it.each([
    ['another length', 'x'.repeat(10), 'CASC_PAYLOAD_INVALID'],
    ['another hash', payload(long).replace('é', 'è'), 'CASC_PAYLOAD_INVALID'],
    ['no valid event', undefined, 'CASC_EVENT_INVALID'],
  ])('is refused at once when the store gives %s', async (_name, given, code) => {
    const text = '{"n":1}';
    await start({ put: (content) => store.put(content), get: async () => Buffer.from(given ?? text) });
    const claimed = given === undefined ? { dataref: urn(text), datasize: String(text.length) } : referring;
    await redis.xadd('stream:book.written', '*', 'type', 'book.written', ...Object.entries(claimed).flat());
    expect(await letter()).toMatchObject({ code, attempts: '1', fields: claimed });
  });
});
