import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { retryable, terminal } from '@cascade/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE } from '../contract/problem.js';
import { redisAway, type Access } from './access.js';
import { rememberClient } from './client-name.js';
import { operationOf } from './implements.js';
import { observeRequests } from './observe-requests.js';
import { detailsOf } from './problem.filter.js';
import type { Partitions } from '../partitions.js';

/** Bound of a request's body in bytes: the longest request that a cascade takes, with every character escaped. */
export const MAX_BODY_BYTES = 256 * 1024;
/** A whole request has to be here within this time. */
const RECEIVE_MS = 15_000;
/** Longest that an answer may take, streams apart. */
const ANSWER_MS = 30_000;
const KEEP_ALIVE_MS = 65_000;
/** Longest parameter in a path: a work item's key, percent-encoded. */
const MAX_PARAMETER = 12_000;
/** Connections beyond this number are closed at once. */
export const MAX_CONNECTIONS = 10_000;

/** Nothing that is answered here is a page, belongs into a frame, or is to be kept. */
const headers = {
  'cache-control': 'no-store',
  'content-security-policy': 'default-src \'none\'; frame-ancestors \'none\'',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

export function httpAdapter(): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES, requestTimeout: RECEIVE_MS, keepAliveTimeout: KEEP_ALIVE_MS, handlerTimeout: ANSWER_MS,
    routerOptions: { maxParamLength: MAX_PARAMETER }, exposeHeadRoutes: false, forceCloseConnections: 'idle', return503OnClosing: false,
    frameworkErrors: (_error: Error, _request: FastifyRequest, reply: FastifyReply) => {
      const error = terminal('CASC_REQUEST_INVALID', 'The address cannot be read.');
      void reply.headers(headers).status(400).header('content-type', PROBLEM_TYPE).send(JSON.stringify(detailsOf(error, 400, `urn:uuid:${randomUUID()}`)));
    },
    clientErrorHandler: (_error: Error, socket: Socket) => { if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'); else socket.destroy(); },
  });
}

/** What every request passes through before its body is read. */
export function guardRequests(application: NestFastifyApplication, access: Access, partitions: Partitions, draining: AbortSignal): void {
  const fastify = application.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  application.getHttpServer().maxConnections = MAX_CONNECTIONS;
  fastify.removeContentTypeParser('text/plain');
  observeRequests(fastify);
  fastify.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    const operation = operationOf(request);
    if (draining.aborted && operation?.scope !== 'public') {
      void reply.header('connection', 'close');
      throw retryable('CASC_STOPPING', 'This process stops; another one serves.');
    }
    // ioredis would keep the command until Redis is back, however long that takes.
    if (partitions.isRedisAway && operation?.scope !== 'public') throw redisAway();
    rememberClient(request, await access.admit(request, reply, operation));
  });
}
