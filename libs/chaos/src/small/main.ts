// One service of the road in miniature as a process: `main.js <front|work|tools>`.
import 'reflect-metadata';
import { createServer } from 'node:http';
import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { CascadeRuns, Cascades } from '@cascade/state';
import { CommandClient, createConnection, StreamsServer } from '@cascade/streams';
import { Redis } from 'ioredis';
import { FrontHandlers, ToolHandlers, WorkHandlers } from './handlers.js';

const handlers: Readonly<Record<string, Type>> = { front: FrontHandlers, work: WorkHandlers, tools: ToolHandlers };
const [role = ''] = process.argv.slice(2);
const url = process.env['REDIS_URL'] ?? '';
const claimIdleMs = Number(process.env['CASCADE_CLAIM_IDLE_MS']);

const redis = createConnection({ url, name: `small-${role}`, role: 'commands' });
redis.on('error', () => undefined); // the transport says it

class SmallModule {}
Module({
  controllers: [handlers[role]!],
  providers: [
    { provide: Redis, useValue: redis },
    { provide: CommandClient, useValue: new CommandClient({ redis: { url } }) },
    { provide: Cascades, useValue: new Cascades(redis) },
  ],
})(SmallModule);

const application = await NestFactory.createMicroservice<MicroserviceOptions>(SmallModule, {
  logger: ['warn', 'error', 'fatal'], abortOnError: false,
  strategy: new StreamsServer({
    redis: { url }, service: `small-${role}`, claimIdleMs, maxDeliveries: Number(process.env['CASCADE_MAX_DELIVERIES']),
    runs: new CascadeRuns(redis, `small-${role}`, { claimIdleMs }),
  }),
});
process.on('SIGTERM', () => void application.close().then(() => process.exit(0), () => process.exit(1)));
await application.listen();
const port = process.env['CASCADE_HEALTH_PORT'];
if (port !== undefined) createServer((_, response) => response.end()).listen(Number(port)); // ready, as far as anybody asks
