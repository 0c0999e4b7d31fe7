import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientProxyFactory, EventPattern, Payload, Transport } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { concurrently, dataOf, steadily, taskPlanned } from '../events.mjs';

/** Nest's own Redis transport: pub/sub, so nothing is kept, acknowledged or tried again. */
async function start(url, onEvent) {
  class Handlers {
    async plan(data) { onEvent(data); }
  }
  Payload()(Handlers.prototype, 'plan', 0);
  EventPattern(taskPlanned.type)(Handlers.prototype, 'plan', Object.getOwnPropertyDescriptor(Handlers.prototype, 'plan'));
  Controller()(Handlers);
  class ServiceModule {}
  Module({ controllers: [Handlers] })(ServiceModule);
  const { hostname: host, port, password } = new URL(url);
  const settings = { transport: Transport.REDIS, options: { host, port: Number(port), ...(password === '' ? {} : { password }) } };
  const app = await NestFactory.createMicroservice(ServiceModule, { ...settings, logger: false });
  await app.listen();
  const client = ClientProxyFactory.create(settings);
  await client.connect();
  return { emit: (data) => lastValueFrom(client.emit(taskPlanned.type, data), { defaultValue: undefined }), close: async () => { client.close(); await app.close(); } };
}

/** Emits and handles; there is no way to have events wait for their consumer. */
export async function emit(url) {
  let onEvent = () => undefined;
  const service = await start(url, () => onEvent());
  return {
    prepare: async () => undefined,
    close: async () => undefined,
    async run(count) {
      const { promise, resolve } = Promise.withResolvers();
      let seen = 0;
      onEvent = () => { if (++seen === count) resolve(); };
      await concurrently(count, 64, (issue) => service.emit(dataOf(issue)));
      await promise;
    },
  };
}

export async function latency(url) {
  return {
    async measure(rate, seconds) {
      const handled = [];
      const { promise, resolve } = Promise.withResolvers();
      const service = await start(url, (data) => {
        handled.push(performance.now() - data.at);
        if (handled.length === rate * seconds) resolve();
      });
      await steadily(rate, seconds, (issue) => void service.emit(dataOf(issue, performance.now())));
      await promise;
      await service.close();
      return { handled };
    },
  };
}
