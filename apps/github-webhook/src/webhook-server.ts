import { once } from 'node:events';
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { terminal } from '@cascade/contracts';
import { outcomes, type Outcome } from './outcomes.js';
import type { Verdict } from './receiver.js';
import type { WebhookMetrics } from './webhook-metrics.js';
import { WEBHOOK_PATH } from './webhook-path.js';


/** Open connections; one more is closed at once. */
export const MAX_CONNECTIONS = 500;
export const MAX_HEADER_BYTES = 16 * 1024;
const MAX_HEADERS = 100;
/** How long a sender may take for its headers, and for all of its request: GitHub gives up after ten seconds. */
const HEADERS_WITHIN_MS = 5_000;
const REQUEST_WITHIN_MS = 10_000;
const KEEP_ALIVE_MS = 5_000;
/** How often slow senders are looked for. */
const LOOK_EVERY_MS = 1_000;
/** How long requests that are under way may still take when the service stops. */
const DRAIN_MS = 8_000;

/** Smaller in tests, which do not wait. */
export interface ServerLimits {
  readonly connections: number;
  readonly headersWithinMs: number;
  readonly requestWithinMs: number;
  readonly lookEveryMs: number;
}
const usual: ServerLimits = { connections: MAX_CONNECTIONS, headersWithinMs: HEADERS_WITHIN_MS, requestWithinMs: REQUEST_WITHIN_MS, lookEveryMs: LOOK_EVERY_MS };

interface Options {
  readonly port: number;
  readonly metrics: WebhookMetrics;
  readonly isReady: () => boolean;
  readonly receive: (request: IncomingMessage) => Promise<Verdict>;
  readonly limits?: Partial<ServerLimits>;
}

/** `POST /webhooks/github`, beside it `GET /healthz` and `/readyz`. */
export class WebhookServer {
  #isStopping = false;
  /** Connections whose request was ended, and counted, before it was whole. */
  readonly #refused = new WeakSet<object>();

  private constructor(private readonly server: Server, private readonly options: Options) {}

  /** Listens. Throws `CASC_WEBHOOK_PORT_TAKEN` (terminal). */
  static async start(options: Options): Promise<WebhookServer> {
    const limits = { ...usual, ...options.limits };
    const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: limits.headersWithinMs, requestTimeout: limits.requestWithinMs, keepAliveTimeout: KEEP_ALIVE_MS, connectionsCheckingInterval: limits.lookEveryMs });
    server.maxConnections = limits.connections;
    server.maxHeadersCount = MAX_HEADERS;
    const webhook = new WebhookServer(server, options);
    server.on('request', (request, response) => void webhook.#answer(request, response));
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => webhook.#refuse(error, socket));
    server.on('drop', () => options.metrics.count('refused'));
    server.listen(options.port);
    try {
      await once(server, 'listening');
    } catch (error) {
      throw terminal('CASC_WEBHOOK_PORT_TAKEN', `The port ${options.port} for webhooks cannot be used.`, { advice: 'Set CASCADE_WEBHOOK_PORT to a free one.', cause: error });
    }
    return webhook;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Takes no more, and answers what it has taken, within a bound. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const closed = once(this.server, 'close');
    this.server.close();
    const patience = setTimeout(() => this.server.closeAllConnections(), DRAIN_MS);
    await closed;
    clearTimeout(patience);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined); // who asked has gone
    if (this.#isStopping) response.setHeader('connection', 'close');
    switch (`${request.method} ${request.url?.split('?')[0]}`) {
      case `POST ${WEBHOOK_PATH}`: return this.#receive(request, response);
      case 'GET /healthz': return sendJson(response, 200, { status: 'up' });
      case 'GET /readyz': return this.#tellReadiness(response);
      default: return this.#end(response, { outcome: 'not_found' });
    }
  }

  #tellReadiness(response: ServerResponse): void {
    const isReady = !this.#isStopping && this.options.isReady();
    sendJson(response, isReady ? 200 : 503, { ready: isReady });
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const begin = performance.now();
    const verdict = await this.options.receive(request);
    if (verdict.outcome === 'aborted' && this.#refused.has(request.socket)) return;
    this.#end(response, verdict, (performance.now() - begin) / 1_000);
  }

  #end(response: ServerResponse, { outcome, why }: Verdict, seconds?: number): void {
    this.options.metrics.count(outcome, seconds);
    if (outcome === 'aborted') return void response.destroy();
    if (this.#isStopping && !response.headersSent) response.setHeader('connection', 'close');
    if (outcome === 'unavailable') response.setHeader('retry-after', '5');
    if (outcome === 'unknown_event') response.writeHead(outcomes[outcome]).end();
    else sendJson(response, outcomes[outcome], { outcome, ...(why === undefined ? {} : { why }) });
  }

  /** What is no HTTP, or came too slowly. A connection that was cut is no request; one in the middle of it says so itself. */
  #refuse({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
    if (['ECONNRESET', 'EPIPE', 'HPE_INVALID_EOF_STATE'].includes(code) || !socket.writable) return void socket.destroy();
    const outcome: Outcome = code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'timed_out' : code === 'HPE_HEADER_OVERFLOW' ? 'headers_too_large' : 'malformed';
    this.options.metrics.count(outcome);
    this.#refused.add(socket);
    socket.end(`HTTP/1.1 ${outcomes[outcome]} ${STATUS_CODES[outcomes[outcome]]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy());
  }
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(value)}\n`);
}
