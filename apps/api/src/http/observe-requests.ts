import { randomUUID } from 'node:crypto';
import { inScope, names, noSpan, startSpan, type Scope, type Span } from '@cascade/telemetry';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { operationOf } from './implements.js';

/** Ids that a caller may give its requests, to find them in the log. */
const ownId = /^[\w.:-]{1,100}$/;

/**
 * Each request has a scope, so that what is logged about it can be found, and a span, which goes on in the trace that the
 * caller names. Probes and what is at no address have no span.
 */
export function observeRequests(fastify: FastifyInstance): void {
  const scopes = new WeakMap<FastifyRequest, Scope>();
  fastify.addHook('onRequest', (request, reply, next) => {
    const { traceparent, 'x-request-id': id } = request.headers;
    const correlation = typeof id === 'string' && ownId.test(id) ? id : randomUUID();
    const outer = { service: 'api', correlation, ...(typeof traceparent === 'string' ? { traceparent } : {}) };
    inScope(outer, () => {
      const span = spanOf(request);
      const scope = span === noSpan ? outer : { ...outer, span };
      scopes.set(request, scope);
      reply.raw.once('close', () => {
        span.set({ [names.httpStatus]: reply.raw.statusCode });
        span.end();
      });
      inScope(scope, next);
    });
  });
  // A body comes by events of its connection, which know nothing of the request.
  fastify.addHook('preHandler', (request, _reply, next) => inScope(scopes.get(request) ?? {}, next));
}

function spanOf(request: FastifyRequest): Span {
  const operation = operationOf(request);
  if (operation === undefined || operation.scope === 'public') return noSpan;
  return startSpan(`${request.method} ${operation.path}`, { kind: 'server', begins: true, attributes: { [names.httpMethod]: request.method, [names.httpRoute]: operation.path, [names.urlPath]: request.url.split('?', 1)[0] } });
}
