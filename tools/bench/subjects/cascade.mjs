import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { publication } from '@cascade/messages';
import { EventPublisher, nothing, OnEvent, outcome, StreamsServer } from '@cascade/streams';
import { Redis } from 'ioredis';
import { concurrently, dataOf, group, output, steadily, taskDone, taskPlanned } from '../events.mjs';
import { followOutput } from '../latencies.mjs';

/** Nothing is journalled: the transport alone is measured. The fence is asked with every commit, as in Cascade. */
const runs = {
  open: async (event, _entry, shutdown) => ({ run: { cascadeId: event.cascadeId, signal: shutdown }, close: () => undefined }),
  failed: async () => nothing(),
  waiting: async () => nothing(),
  fence: (event) => ({ key: `cascade:${event.cascadeId}`, field: 'state', values: ['completed', 'failed', 'cancelled'] }),
};

/** The service: handles an event, saves a hash, publishes the next event. */
async function createService(url, { durability, ...options }, onHandled) {
  class Handlers {
    async plan(event) {
      onHandled(event);
      return outcome({ save: [{ key: `task-${event.data.issue % 100}`, fields: { step: 'done', last: event.id } }], publish: [publication(taskDone, event.data)] });
    }
  }
  OnEvent(taskPlanned)(Handlers.prototype, 'plan', Object.getOwnPropertyDescriptor(Handlers.prototype, 'plan'));
  Controller()(Handlers);
  class ServiceModule {}
  Module({ controllers: [Handlers] })(ServiceModule);
  return NestFactory.createMicroservice(ServiceModule, { strategy: new StreamsServer({ redis: { url, ...(durability === undefined ? {} : { durability }) }, service: group, runs, ...options }), logger: false, abortOnError: false });
}

/** Several of these may empty the stream together. */
export async function hop(url, options) {
  const redis = new Redis(url);
  let app;
  return {
    async prepare() {
      app = await createService(url, options, () => undefined);
      await app.init();
    },
    async run(count) {
      await app.listen();
      while (await redis.xlen(output) < count) await new Promise((resolve) => { setTimeout(resolve, 5); });
    },
    close: () => app.close(),
  };
}

export async function publish(url) {
  const publisher = new EventPublisher({ redis: { url } });
  return {
    prepare: async () => undefined,
    close: async () => undefined,
    run: (count) => concurrently(count, 64, (issue) => publisher.publish(taskPlanned, dataOf(issue))),
  };
}

export async function latency(url, options) {
  const publisher = new EventPublisher({ redis: { url } });
  return {
    async measure(rate, seconds) {
      const handled = [];
      const app = await createService(url, options, (event) => handled.push(performance.now() - event.data.at));
      await app.listen();
      const { done } = await followOutput(url, rate * seconds);
      await steadily(rate, seconds, (issue) => void publisher.publish(taskPlanned, dataOf(issue, performance.now())));
      const hop = await done;
      await app.close();
      return { handled, hop };
    },
  };
}
