import { applyDecorators, createParamDecorator, HttpCode, RequestMapping, RequestMethod, type ExecutionContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { findingsOf, terminal } from '@cascade/contracts';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Operation } from '../contract/operation.js';

const methods = { GET: RequestMethod.GET, POST: RequestMethod.POST, DELETE: RequestMethod.DELETE } as const;

/** Makes a controller's method the implementation of an operation: its route, its usual status, its checks. */
export function Implements(operation: Operation): MethodDecorator {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (operation.takesRest === true && operation.path.endsWith(`{${name}}`) ? '*' : `:${name}`));
  return applyDecorators(RequestMapping({ method: methods[operation.method], path }), RouteConfig({ operation }), HttpCode(Number(Object.keys(operation.answers)[0])));
}

/** The operation that a request is for; undefined when there is none at its address. */
export const operationOf = (request: FastifyRequest): Operation | undefined => (request.routeOptions.config as { operation?: Operation } | undefined)?.operation;

/** The request's input, parsed by the schemas of its operation. Throws `CASC_REQUEST_INVALID` (terminal) that names every problem. */
export const Input = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return parseInput(operationOf(request)!, request);
});

function parseInput(operation: Operation, request: FastifyRequest): Record<string, unknown> {
  const findings: string[] = [];
  const parse = (place: string, schema: z.ZodType | undefined, value: unknown): unknown => {
    if (schema === undefined) return undefined;
    const parsed = schema.safeParse(value);
    if (!parsed.success) findings.push(...findingsOf(parsed.error).map((line) => `${place}.${line}`));
    return parsed.data;
  };
  const input = {
    params: parse('path', operation.params, named(operation, request.params)),
    query: parse('query', operation.query, request.query),
    headers: parse('header', operation.headers, request.headers),
    body: parse('body', operation.body, request.body ?? undefined),
  };
  if (findings.length > 0) throw terminal('CASC_REQUEST_INVALID', 'The request is not what this operation takes.', { findings });
  return input;
}

/** Fastify calls the rest of a path `*`. */
function named({ takesRest, path }: Operation, params: unknown): unknown {
  if (takesRest !== true) return params;
  const { '*': rest, ...others } = params as Record<string, string>;
  return rest === undefined ? others : { ...others, [/\{(\w+)\}$/.exec(path)![1]!]: rest };
}
