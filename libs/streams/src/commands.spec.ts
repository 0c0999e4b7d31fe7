import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { publication, retryable, terminal, type EventOf, type Outcome, type Priority, type ReplyOf, type RequestOf, type Run } from '@cascade/messages';
import { startTestRedis, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { CommandClient } from './command-client.js';
import { parseDeadLetter } from './dead-letter.js';
import { EventPublisher } from './event-publisher.js';
import { OnCommand, type CommandCall } from './on-command.js';
import { OnEvent } from './on-event.js';
import { outcome } from './outcome.js';
import { redisTime } from './redis-time.js';
import { add, workDone, workGiven } from './testing/definitions.js';
import { entriesOf, startTestService, until, whenNothingPending, type TestService } from './testing/test-service.js';

type Add = (request: RequestOf<typeof add>, call: CommandCall) => Promise<ReplyOf<typeof add>>;
let answer: Add;
let ask: CommandClient;
const calls: CommandCall[] = [];

@Controller()
class Handlers {
  @OnCommand(add)
  async add(request: RequestOf<typeof add>, call: CommandCall): Promise<ReplyOf<typeof add>> {
    calls.push(call);
    return answer(request, call);
  }

  /** Waits for a command of its own service. */
  @OnEvent(workGiven)
  async work(event: EventOf<typeof workGiven>, run: Run): Promise<Outcome> {
    const { sum } = await ask.send(add, { a: event.data.n, b: 1 }, { key: String(event.data.n), cascadeId: run.cascadeId, signal: run.signal });
    return outcome({ publish: [publication(workDone, { n: sum })] });
  }
}

const sum: Add = async ({ a, b }) => ({ sum: a + b });
const never = new AbortController().signal;
const options = { key: 'k', cascadeId: 'c1', signal: never };

describe('commands', () => {
  let server: TestRedis;
  let redis: Redis;
  let client: CommandClient;
  let service: TestService | undefined;

  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
    client = new CommandClient({ redis: server });
    ask = client;
  });
  afterEach(async () => {
    await service?.close();
    service = undefined;
    calls.length = 0;
    await redis.flushall();
  });
  afterAll(async () => {
    await client.close();
    redis.disconnect();
    await server.stop();
  });

  it('gives the reply, and leaves nothing pending', async () => {
    answer = sum;
    service = await startTestService(server.url, Handlers);
    expect(await client.send(add, { a: 1, b: 2 }, options)).toEqual({ sum: 3 });
    expect(calls).toMatchObject([{ cascadeId: 'c1', key: 'k' }]);
    await whenNothingPending(redis, 'stream:calc.add');
    expect(await redis.keys('reply:*:sent')).toEqual([]);
  });

  it('carries the deadline of its cascade, or the caller\'s own when that is earlier, both by Redis\' clock', async () => {
    const sender = new CommandClient({ redis: server, cascadeOf: async (cascadeId) => (cascadeId === 'c1' ? { deadlineMs: Date.parse('2040-01-01T00:00:00Z') } : {}) });
    const given = new AbortController();
    const sent = [
      { ...options, signal: given.signal }, { ...options, signal: given.signal, key: 'own', timeoutMs: 60_000 }, { ...options, signal: given.signal, cascadeId: 'c2' },
    ].map((each) => sender.send(add, { a: 1, b: 2 }, each));
    const [times, before] = [await entriesOf(redis, 'stream:calc.add', 3), await redisTime(redis)];
    const of = (key: string, cascadeId = 'c1'): string | undefined => times.find((each) => each['cascadekey'] === key && each['correlationid'] === cascadeId)?.['expirytime'];
    expect([of('k'), of('k', 'c2')]).toEqual(['2040-01-01T00:00:00.000Z', undefined]);
    expect(Date.parse(of('own')!)).toBeLessThanOrEqual(before + 60_000);
    given.abort();
    expect((await Promise.allSettled(sent)).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await sender.close();
  });

  it('travels in the lane of its cascade, before those of lower ones, and is taken over there', async () => {
    const priorityOf: Record<string, Priority> = { urgent: 'CRITICAL', idle: 'LOW' };
    const sender = new CommandClient({ redis: server, cascadeOf: async (cascadeId) => ({ priority: priorityOf[cascadeId] }) });
    const sent = ['idle', 'plain', 'urgent'].map((cascadeId) => sender.send(add, { a: 1, b: 2 }, { ...options, cascadeId }));
    for (const stream of ['stream:calc.add:low', 'stream:calc.add', 'stream:calc.add:critical']) await entriesOf(redis, stream, 1);
    await redis.xgroup('CREATE', 'stream:calc.add:low', 'test', '0');
    const reply = await redis.xreadgroup('GROUP', 'test', 'gone', 'STREAMS', 'stream:calc.add:low', '>');
    await redis.xclaim('stream:calc.add:low', 'test', 'gone', 0, reply![0]![1][0]![0], 'IDLE', 3_600_000, 'JUSTID');
    answer = sum;
    service = await startTestService(server.url, Handlers);
    expect(await Promise.all(sent)).toEqual([{ sum: 3 }, { sum: 3 }, { sum: 3 }]);
    expect(calls.map(({ cascadeId }) => cascadeId).filter((cascadeId) => cascadeId !== 'idle')).toEqual(['urgent', 'plain']);
    await sender.close();
  });

  it('is begun before its deadline, not after it, by Redis\' clock and not that of its service', async () => {
    answer = sum;
    const realNow = Date.now.bind(Date);
    const ahead = jest.spyOn(Date, 'now').mockImplementation(() => realNow() + 2 * 3_600_000);
    try {
      service = await startTestService(server.url, Handlers);
      expect(await client.send(add, { a: 1, b: 2 }, { ...options, timeoutMs: 1_800_000 })).toEqual({ sum: 3 });
      ahead.mockImplementation(() => realNow() - 2 * 3_600_000);
      await expect(client.send(add, { a: 1, b: 2 }, { ...options, key: 'late', timeoutMs: -1 })).rejects.toMatchObject({ code: 'CASC_COMMAND_TIMEOUT' });
      expect(calls).toHaveLength(1);
    } finally {
      ahead.mockRestore();
    }
  });

  it('answers a command that was sent before its service ran', async () => {
    answer = sum;
    const reply = client.send(add, { a: 1, b: 2 }, options);
    await entriesOf(redis, 'stream:calc.add', 1);
    service = await startTestService(server.url, Handlers);
    expect(await reply).toEqual({ sum: 3 });
  });

  it('does the same key once: at the same time, later, and from another process', async () => {
    answer = sum;
    service = await startTestService(server.url, Handlers);
    const other = new CommandClient({ redis: server });
    const replies = await Promise.all([client, client, other].map((bus) => bus.send(add, { a: 1, b: 2 }, options)));
    replies.push(await other.send(add, { a: 1, b: 2 }, options));
    await other.close();
    expect(replies).toEqual([{ sum: 3 }, { sum: 3 }, { sum: 3 }, { sum: 3 }]);
    expect(calls).toHaveLength(1);
    expect(await client.send(add, { a: 1, b: 2 }, { ...options, key: 'another' })).toEqual({ sum: 3 });
    expect(calls).toHaveLength(2);
  });

  it('throws the error that the handler threw, and keeps a terminal one as the answer', async () => {
    answer = async () => { throw terminal('CASC_TEST_WRONG', 'cannot add', { advice: 'give numbers', findings: ['a', 'b'] }); };
    service = await startTestService(server.url, Handlers);
    const error = { code: 'CASC_TEST_WRONG', kind: 'terminal', message: 'cannot add', advice: 'give numbers', findings: ['a', 'b'] };
    await expect(client.send(add, { a: 1, b: 2 }, options)).rejects.toMatchObject(error);
    await expect(client.send(add, { a: 1, b: 2 }, options)).rejects.toMatchObject(error);
    expect(calls).toHaveLength(1);
  });

  it('runs a command again after an error that may be tried again', async () => {
    answer = async () => { throw retryable('CASC_TEST_BUSY', 'not now', { retryAfterMs: 70 }); };
    service = await startTestService(server.url, Handlers);
    await expect(client.send(add, { a: 1, b: 2 }, options)).rejects.toMatchObject({ code: 'CASC_TEST_BUSY', kind: 'retryable', retryAfterMs: 70 });
    answer = sum;
    expect(await client.send(add, { a: 1, b: 2 }, options)).toEqual({ sum: 3 });
  });

  it('replies with a defect when the handler breaks, and with a named error when the reply breaks its contract', async () => {
    answer = async () => { throw new TypeError('oh'); };
    service = await startTestService(server.url, Handlers);
    await expect(client.send(add, { a: 1, b: 2 }, options)).rejects.toMatchObject({ code: 'CASC_DEFECT', kind: 'retryable' });
    answer = async () => ({ sum: 'three' }) as unknown as { sum: number };
    await expect(client.send(add, { a: 1, b: 2 }, { ...options, key: 'other' })).rejects.toMatchObject({ code: 'CASC_REPLY_INVALID', findings: [expect.stringMatching(/^sum: /)] });
  });

  it('stops waiting when the signal aborts, and says why', async () => {
    await expect(client.send(add, { a: 1, b: 2 }, { ...options, signal: AbortSignal.timeout(30) })).rejects.toMatchObject({ code: 'CASC_COMMAND_TIMEOUT', kind: 'retryable' });
    await expect(client.send(add, { a: 1, b: 2 }, { ...options, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CASC_CANCELLED' });
    await expect(client.send(add, { a: 1, b: 2 }, { ...options, signal: AbortSignal.abort(terminal('CASC_DEADLINE', 'late')) })).rejects.toMatchObject({ code: 'CASC_DEADLINE' });
    // The work that was sent goes on: whoever asks again gets its answer, and it runs once.
    answer = sum;
    service = await startTestService(server.url, Handlers);
    expect(await client.send(add, { a: 1, b: 2 }, options)).toEqual({ sum: 3 });
    expect(calls).toHaveLength(1);
  });

  it('is not sent when its caller gave it up before', async () => {
    const { promise: asked, resolve: answerCascade } = Promise.withResolvers<object>();
    const sender = new CommandClient({ redis: server, cascadeOf: () => asked });
    const given = new AbortController();
    const sent = sender.send(add, { a: 1, b: 2 }, { ...options, signal: given.signal });
    given.abort();
    await expect(sent).rejects.toMatchObject({ code: 'CASC_CANCELLED' });
    answerCascade({});
    const next = new AbortController();
    const wanted = sender.send(add, { a: 1, b: 2 }, { ...options, key: 'wanted', signal: next.signal });
    expect((await entriesOf(redis, 'stream:calc.add', 1)).map((entry) => entry['cascadekey'])).toEqual(['wanted']);
    next.abort();
    await expect(wanted).rejects.toMatchObject({ code: 'CASC_CANCELLED' });
    await sender.close();
  });

  it('refuses a request that breaks its contract before it is sent', async () => {
    await expect(client.send(add, { a: 'one', b: 2 } as unknown as { a: number; b: number }, options)).rejects.toMatchObject({ code: 'CASC_COMMAND_INVALID', findings: [expect.stringMatching(/^a: /)] });
    expect(await redis.exists('stream:calc.add')).toBe(0);
  });

  it('buries a broken command and answers it as far as it can be answered', async () => {
    answer = sum;
    service = await startTestService(server.url, Handlers);
    await redis.xadd('stream:calc.add', '*', 'id', 'broken-1', 'type', 'calc.add', 'data', 'x');
    const [letter] = await entriesOf(redis, 'dead:test', 1);
    expect(parseDeadLetter(letter!)).toMatchObject({ stream: 'stream:calc.add', problem: { code: 'CASC_COMMAND_INVALID' } });
    await until(async () => (await redis.llen('reply:broken-1')) === 2);
    expect(await client.send(add, { a: 1, b: 2 }, options)).toEqual({ sum: 3 });
  });

  it('lets every event slot wait for a command of the same service', async () => {
    answer = sum;
    service = await startTestService(server.url, Handlers, { concurrency: 2 });
    const publisher = new EventPublisher({ redis: server });
    await Promise.all([1, 2, 3, 4].map((n) => publisher.publish(workGiven, { n })));
    const results = await entriesOf(redis, 'stream:work.done', 4);
    await publisher.close();
    expect(results.map((entry) => entry['data']).toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual(['{"n":2}', '{"n":3}', '{"n":4}', '{"n":5}']);
  });

  it('gets the reply although the bell was not heard', async () => {
    answer = sum;
    const reply = client.send(add, { a: 1, b: 2 }, options);
    await entriesOf(redis, 'stream:calc.add', 1);
    await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    service = await startTestService(server.url, Handlers);
    expect(await reply).toEqual({ sum: 3 });
  });
});
