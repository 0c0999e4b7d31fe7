import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import type { BaseRpcContext } from '@nestjs/microservices';
import type { EventOf, Outcome, ReplyOf, RequestOf } from '@cascade/messages';
import { startTestRedis, type TestRedis } from '@cascade/testing';
import { Redis } from 'ioredis';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { OnCommand, type CommandCall } from './on-command.js';
import { OnEvent } from './on-event.js';
import { nothing } from './outcome.js';
import { redisTime } from './redis-time.js';
import { flatten } from './stream-entry.js';
import { StreamsClient } from './streams-client.js';
import { StreamsRecord } from './streams-record.js';
import { add, workGiven } from './testing/definitions.js';
import { entriesOf, startTestService, until, type TestService } from './testing/test-service.js';

const seen: EventOf<typeof workGiven>[] = [];
const calls: CommandCall[] = [];

@Controller()
class Handlers {
  @OnEvent(workGiven)
  async work(event: EventOf<typeof workGiven>): Promise<Outcome> {
    seen.push(event);
    return nothing();
  }

  @OnCommand(add)
  async add({ a, b }: RequestOf<typeof add>, call: CommandCall): Promise<ReplyOf<typeof add>> {
    calls.push(call);
    return { sum: a + b };
  }
}

describe('StreamsClient', () => {
  let server: TestRedis;
  let redis: Redis;
  let client: StreamsClient;
  let service: TestService | undefined;
  const start = async (): Promise<TestService> => (service = await startTestService(server.url, Handlers));

  beforeAll(async () => {
    server = await startTestRedis();
    redis = new Redis(server.url);
    client = new StreamsClient({ redis: server });
  });
  afterEach(async () => {
    await service?.close();
    service = undefined;
    seen.length = 0;
    calls.length = 0;
    await redis.flushall();
  });
  afterAll(async () => {
    await client.close();
    redis.disconnect();
    await server.stop();
  });

  it('emits events by definition or by name, with what a record says', async () => {
    await start();
    const published = await lastValueFrom(client.emit<{ id: string }>(workGiven, { n: 1 }));
    await lastValueFrom(client.emit('work.given', new StreamsRecord({ n: 2 }, { cascadeId: 'c1', id: 'e2' })));
    await until(() => seen.length === 2);
    expect(seen.map(({ id, cascadeId, data }) => ({ id, cascadeId, data }))).toEqual([
      { id: published.id, cascadeId: published.id, data: { n: 1 } }, { id: 'e2', cascadeId: 'c1', data: { n: 2 } },
    ]);
    await expect(lastValueFrom(client.emit(workGiven, { n: 'one' }))).rejects.toMatchObject({ code: 'CASC_EVENT_INVALID' });
    await expect(lastValueFrom(client.emit({ cmd: 'work' }, { n: 1 }))).rejects.toMatchObject({ code: 'CASC_PATTERN_UNKNOWN' });
  });

  it('sends commands and gives their reply or error', async () => {
    await start();
    expect(await lastValueFrom(client.send(add, { a: 1, b: 2 }))).toEqual({ sum: 3 });
    expect(await lastValueFrom(client.send('calc.add', new StreamsRecord({ a: 2, b: 2 }, { cascadeId: 'c1', key: 'k' })))).toEqual({ sum: 4 });
    expect(calls[1]).toMatchObject({ cascadeId: 'c1', key: 'k' });
    await expect(lastValueFrom(client.send(add, { a: 'x', b: 2 }))).rejects.toMatchObject({ code: 'CASC_COMMAND_INVALID' });
  });

  it('gives up at the deadline, and a service begins nothing that nobody waits for', async () => {
    await expect(lastValueFrom(client.send(add, new StreamsRecord({ a: 1, b: 2 }, { timeoutMs: 20 })))).rejects.toMatchObject({ code: 'CASC_COMMAND_TIMEOUT', kind: 'retryable' });
    await redis.flushall(); // slow machines do not get to sending in that time: what follows is an entry as it would have sent
    const given = client.send(add, { a: 1, b: 2 }).subscribe();
    const [entry] = await entriesOf(redis, 'stream:calc.add', 1);
    given.unsubscribe();
    await redis.del('stream:calc.add');
    await redis.xadd('stream:calc.add', '*', ...flatten({ ...entry, expirytime: new Date(await redisTime(redis) - 1).toISOString() }));
    await start();
    await until(async () => (await redis.llen(`reply:${entry!['id']}`)) === 2);
    expect(calls).toHaveLength(0);
  });

  it('stops waiting when nobody is subscribed any more, and the same key gives the reply later', async () => {
    const record = new StreamsRecord({ a: 1, b: 2 }, { cascadeId: 'c1', key: 'k' });
    const subscription = client.send(add, record).subscribe();
    await entriesOf(redis, 'stream:calc.add', 1);
    subscription.unsubscribe();
    await start();
    expect(await lastValueFrom(client.send(add, record))).toEqual({ sum: 3 });
    expect(calls).toHaveLength(1);
  });

  it('says where it stands, and gives its connection', async () => {
    await client.connect();
    expect(await firstValueFrom(client.status)).toBe('connected');
    expect(await client.unwrap().ping()).toBe('PONG');
  });

  it('carries a trace from the dispatch hook to the event, and calls the processing hooks around a handler', async () => {
    const { server: strategy } = await start();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const hooks: string[] = [];
    strategy.setOnProcessingStartHook((_id, context, done) => {
      hooks.push(`start ${(context as BaseRpcContext<[EventOf<typeof workGiven>]>).getArgByIndex(0).traceparent}`);
      void done();
    });
    strategy.setOnProcessingEndHook(() => hooks.push('end'));
    client.setOnDispatchHook((packet) => { packet.metadata = { traceparent }; });
    await lastValueFrom(client.emit(workGiven, { n: 1 }));
    await until(() => hooks.length === 2);
    expect(hooks).toEqual([`start ${traceparent}`, 'end']);
  });
});
