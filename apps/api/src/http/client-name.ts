import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Client } from './access.js';

const clients = new WeakMap<FastifyRequest, Client>();

/** Remembers who was let in with a request. */
export const rememberClient = (request: FastifyRequest, client: Client): void => void clients.set(request, client);

/** Who sent the request: a token's name, or an address where none is needed. */
export const ClientName = createParamDecorator((_: unknown, context: ExecutionContext): string => clients.get(context.switchToHttp().getRequest<FastifyRequest>())?.name ?? '');
