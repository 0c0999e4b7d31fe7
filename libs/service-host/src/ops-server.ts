import { createServer, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { terminal } from '@cascade/contracts';
import type { StreamsHealth } from '@cascade/streams';
import { collectProcessMetrics, METRICS_CONTENT_TYPE, metricsText } from '@cascade/telemetry';

/** A service that has been silent for so long does nothing, whatever the reason: it should be started anew. */
export const DEAD_AFTER_MS = 60_000;
/** Whoever asks here asks rarely. */
const MAX_CONNECTIONS = 64;
const REQUEST_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 1_000;

/** What probes are told. */
export interface ProcessHealth {
  /** Starting and stopping are no reason to start a process anew, but to ask another one. */
  readonly phase: 'starting' | 'running' | 'stopping';
  /** Of every partition of every service in this process. */
  readonly healths: readonly StreamsHealth[];
}

/**
 * The port for those who operate a process: `GET /live` (503 when a part of it has been silent for a minute), `GET /ready`
 * (503 when one is in trouble or silent, and while it starts and stops), both with the figures as JSON, and `GET /metrics`.
 */
export class OpsServer {
  private constructor(private readonly server: Server) {}

  /** Throws `CASC_HEALTH_PORT_TAKEN` (terminal). Does not keep the process alive. */
  static async start(port: number, health: () => ProcessHealth, logger: Pick<Logger, 'warn'> = new Logger('metrics')): Promise<OpsServer> {
    const server = createServer({ requestTimeout: REQUEST_WITHIN_MS, headersTimeout: REQUEST_WITHIN_MS, connectionsCheckingInterval: LOOK_EVERY_MS }, (request, response) => {
      response.on('error', () => undefined); // who asked has gone
      const path = request.url?.split('?')[0];
      if (request.method !== 'GET') response.writeHead(405).end();
      else if (path === '/live') tell(response, isLive(health()), health());
      else if (path === '/ready') tell(response, isReady(health()), health());
      else if (path === '/metrics') void print(response, logger);
      else response.writeHead(404).end();
    });
    server.maxConnections = MAX_CONNECTIONS;
    server.listen(port);
    try {
      await once(server, 'listening');
    } catch (error) {
      throw terminal('CASC_HEALTH_PORT_TAKEN', `The port ${port} for probes and metrics cannot be used.`, { advice: 'Set CASCADE_HEALTH_PORT to a free one.', cause: error });
    }
    server.unref();
    collectProcessMetrics();
    return new OpsServer(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

const isLive = ({ healths }: ProcessHealth): boolean => healths.every(({ silentMs }) => silentMs < DEAD_AFTER_MS);
const isReady = (health: ProcessHealth): boolean => health.phase === 'running' && isLive(health) && health.healths.every(({ trouble }) => trouble === undefined);

function tell(response: ServerResponse, ok: boolean, health: ProcessHealth): void {
  response.writeHead(ok ? 200 : 503, { 'content-type': 'application/json' }).end(`${JSON.stringify(health)}\n`);
}

async function print(response: ServerResponse, logger: Pick<Logger, 'warn'>): Promise<void> {
  try {
    const text = await metricsText((why) => logger.warn(`Some metrics cannot be read: ${why}`));
    response.writeHead(200, { 'content-type': METRICS_CONTENT_TYPE }).end(text);
  } catch (error) {
    logger.warn(`No metrics: ${(error as Error).message}`);
    response.writeHead(503).end();
  }
}
