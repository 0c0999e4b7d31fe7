import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Client } from './access.js';

const clients = new WeakMap<FastifyRequest, Client>();

/** Remembers who was let in with a request. */
export const rememberClient = (request: FastifyRequest, client: Client): void => void clients.set(request, client);

/** Who sent a request that was let in. */
export const clientOf = (request: FastifyRequest): Client => clients.get(request) ?? { name: '', scope: 'read' };

/** Who sent the request: a token's name, or an address where none is needed. */
export const ClientName = createParamDecorator((_: unknown, context: ExecutionContext): string => clientOf(context.switchToHttp().getRequest<FastifyRequest>()).name);
