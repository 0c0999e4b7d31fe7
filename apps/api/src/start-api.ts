import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { terminal } from '@cascade/contracts';
import { AccessTokens, type HostConfig, type RunningService } from '@cascade/service-host';
import { Draining } from './about.controller.js';
import { isLoopback, type ApiConfig } from './api-config.js';
import { ApiModule } from './api.module.js';
import { Access } from './http/access.js';
import { httpAdapter, guardRequests } from './http/http-server.js';
import { Partitions } from './partitions.js';

/** Requests under way get so long to end when the API stops, in milliseconds. */
const DRAIN_MS = 10_000;

export interface RunningApi extends RunningService {
  /** Where it listens. */
  readonly port: number;
}

/** Starts the API. Throws `CASC_API_PORT_TAKEN` (terminal). */
export async function startApi(host: HostConfig, config: ApiConfig, logger?: LoggerService): Promise<RunningApi> {
  const partitions = new Partitions(host, config);
  const application = await NestFactory.create<NestFastifyApplication>(ApiModule.with(config, partitions), httpAdapter(), { logger: logger ?? ['warn', 'error', 'fatal'], abortOnError: false, bodyParser: false });
  const [draining, server] = [application.get(Draining), application.getHttpServer()];
  const stop = async (): Promise<void> => {
    draining.isAnnounced = true;
    if (server.listening) await delay(config.drainMs);
    draining.abort();
    const patience = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    await application.close();
    clearTimeout(patience);
    await partitions.close();
  };
  try {
    guardRequests(application, application.get(Access), partitions, draining.signal);
    await application.listen(config.port, config.host);
  } catch (error) {
    await stop();
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' || (error as NodeJS.ErrnoException).code === 'EACCES' ? terminal('CASC_API_PORT_TAKEN', `The port ${config.port} for the API cannot be used.`, { advice: 'Set CASCADE_API_PORT to a free one.', cause: error }) : error;
  }
  await tellAccess(config, application.get(AccessTokens), logger ?? new Logger('api'));
  return { name: 'api', port: (server.address() as AddressInfo).port, stop, healths: () => partitions.connections.map(({ status }) => ({ silentMs: 0, trouble: status === 'ready' || status === 'wait' ? undefined : `Redis: ${status}` })) };
}

/** What an operator should not find out by surprise. */
async function tellAccess({ host, needsToken }: ApiConfig, tokens: AccessTokens, logger: LoggerService): Promise<void> {
  if (!needsToken && !isLoopback(host)) logger.warn(`The API on ${host} serves everybody who can reach it: CASCADE_API_AUTH=none`);
  if (needsToken && (await tokens.list()).length === 0) logger.warn('The API refuses every request until there is a token: `cascade api token create`');
}
