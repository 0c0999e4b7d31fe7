import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { terminal } from '@cascade/contracts';
import { HostConfig } from '@cascade/service-host';
import { Redis } from 'ioredis';
import { Metrics } from './metrics.js';

/** Serves GET /metrics of one partition on `CASCADE_METRICS_PORT` plus the partition's number; nothing without that setting. */
@Injectable()
export class MetricsServer implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(MetricsServer.name);
  private server: Server | undefined;

  constructor(private readonly config: HostConfig, private readonly metrics: Metrics, private readonly redis: Redis) {}

  /** Where it listens; 0 when it does not. */
  get port(): number {
    return (this.server?.address() as AddressInfo | null | undefined)?.port ?? 0;
  }

  /** Throws `CASC_METRICS_PORT_TAKEN` (terminal). */
  async onModuleInit(): Promise<void> {
    const { metricsPort, partitions } = this.config;
    if (metricsPort === undefined) return;
    const partition = partitions.findIndex(({ keyPrefix }) => (keyPrefix ?? '') === (this.redis.options.keyPrefix ?? ''));
    const port = metricsPort === 0 ? 0 : metricsPort + Math.max(0, partition);
    this.server = createServer((request, response) => {
      if (request.method === 'GET' && request.url?.split('?')[0] === '/metrics') void this.answer(response);
      else response.writeHead(404).end();
    });
    this.server.listen(port);
    try {
      await once(this.server, 'listening');
    } catch (error) {
      throw terminal('CASC_METRICS_PORT_TAKEN', `The port ${port} for metrics cannot be used.`, { advice: 'Set CASCADE_METRICS_PORT to a free one.', cause: error });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  private async answer(response: ServerResponse): Promise<void> {
    try {
      const text = await this.metrics.read();
      response.writeHead(200, { 'content-type': this.metrics.contentType }).end(text);
    } catch (error) {
      this.logger.warn(`Metrics cannot be read: ${(error as Error).message}`);
      response.writeHead(503).end();
    }
  }
}
