import 'reflect-metadata';
import { Module, type INestMicroservice, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';
import { fieldsOf } from '../stream-entry.js';
import { StreamsServer } from '../streams-server.js';
import type { StreamsOptions } from '../streams-options.js';
import { TestRuns } from './test-runs.js';

export interface TestService {
  readonly server: StreamsServer;
  readonly runs: TestRuns;
  close(): Promise<void>;
}

/** Starts a Nest microservice with the handlers of one controller, as a deployed service does. */
export async function startTestService(url: string, controller: Type, options: Partial<StreamsOptions> = {}): Promise<TestService> {
  class TestModule {}
  Module({ controllers: [controller] })(TestModule);
  const runs = new TestRuns();
  const server = new StreamsServer({ redis: { url }, service: 'test', runs, blockMs: 200, ...options });
  const app: INestMicroservice = await NestFactory.createMicroservice(TestModule, { strategy: server, logger: false, abortOnError: false });
  await app.listen();
  return { server, runs, close: () => app.close() };
}

/** The entries of a stream as soon as there are `count`. Waits in Redis, not by the clock. */
export async function entriesOf(redis: Redis, stream: string, count: number): Promise<Record<string, string>[]> {
  const reader = redis.duplicate();
  try {
    const entries: Record<string, string>[] = [];
    let last = '0-0';
    while (entries.length < count) {
      const reply = await reader.xread('BLOCK', 120_000, 'STREAMS', stream, last);
      if (reply === null) throw new Error(`${stream} has ${entries.length} of ${count} entries in time`);
      for (const [id, flat] of reply[0]![1]) {
        entries.push({ ...fieldsOf(flat) });
        last = id;
      }
    }
    return entries;
  } finally {
    reader.disconnect();
  }
}

/** Resolves when nothing is pending for the group any more. */
export async function whenNothingPending(redis: Redis, stream: string, group = 'test'): Promise<void> {
  await until(async () => ((await redis.xpending(stream, group)) as [number])[0] === 0);
}

/** Asks again and again until the condition holds; the test's own timeout ends it. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!await condition()) await new Promise((resolve) => { setImmediate(resolve); });
}
