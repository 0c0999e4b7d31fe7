import 'reflect-metadata';
import type { Readable, Writable } from 'node:stream';
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { HostConfig } from '@cascade/service-host';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { Draining } from '../about.controller.js';
import type { ApiConfig } from '../api-config.js';
import { ApiModule } from '../api.module.js';
import { MAX_BODY_BYTES } from '../http/http-server.js';
import { Partitions } from '../partitions.js';
import { McpServers } from './mcp-servers.js';

export interface McpOnStdio {
  readonly input: Readable;
  readonly output: Writable;
  /** Gets everything that is logged: the output belongs to the protocol. */
  readonly logger: LoggerService;
}

/**
 * Serves the Model Context Protocol to the program that started this one, until its input ends or `signal` aborts. Who
 * started it may do everything.
 */
export async function serveMcpOnStdio(host: HostConfig, config: ApiConfig, { input, output, logger }: McpOnStdio, signal: AbortSignal): Promise<void> {
  const partitions = new Partitions(host, config);
  const context = await NestFactory.createApplicationContext(ApiModule.with(config, partitions), { logger, abortOnError: false });
  const server = context.get(McpServers).for({ name: 'mcp stdio', scope: 'admin' });
  const ended = Promise.withResolvers<void>();
  server.server.onclose = ended.resolve;
  server.server.onerror = (error) => logger.warn(`mcp: ${error.message.slice(0, 500)}`);
  for (const event of ['end', 'close', 'error']) input.once(event, () => ended.resolve());
  output.on('error', () => ended.resolve()); // who listened is gone
  signal.addEventListener('abort', () => ended.resolve(), { once: true });
  try {
    await server.connect(new StdioServerTransport(input as never, output as never, { maxBufferSize: 2 * MAX_BODY_BYTES }));
    if (!signal.aborted) await ended.promise;
  } finally {
    context.get(Draining).abort();
    await server.close();
    await context.close();
    await partitions.close();
  }
}
