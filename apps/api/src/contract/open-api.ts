import { STATUS_CODES } from 'node:http';
import { SchemaComponents } from '@cascade/contracts';
import { z } from 'zod';
import type { Answer, Operation } from './operation.js';
import { operations } from './operations.js';
import { PROBLEM_TYPE, problemDetails } from './problem.js';

/** What any operation may answer; those that need no token never answer 401 and 403. */
const anyProblems = [400, 429, 503];
const accessProblems = [401, 403];
/** Whether a body is expected or not: it is looked at before the operation is. */
const bodyProblems = [413, 415];

/** The OpenAPI 3.1 document of the API: docs/openapi.json, and what /openapi.json answers. */
export function renderOpenApi(): object {
  const schemas = new SchemaComponents('draft-2020-12');
  const problem = schemas.add('Problem', problemDetails, 'output');
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) (paths[operation.path] ??= {})[operation.method.toLowerCase()] = operationObject(operation, schemas);
  return {
    openapi: '3.1.0',
    info: { title: 'Cascade', version: '1', license: { name: 'MIT', identifier: 'MIT' }, description: 'Turns one request against one git repository into tested, committed code. Errors are problem details (RFC 9457) with a stable `code`.' },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths,
    components: {
      schemas: schemas.all,
      responses: { Problem: { description: 'What went wrong, and what can be done.', content: { [PROBLEM_TYPE]: { schema: problem } } } },
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'Made by `cascade api token create`; none is needed where the API is bound to this machine alone.' } },
    },
  };
}

function operationObject(operation: Operation, schemas: SchemaComponents): object {
  const { id, method, tag, summary, scope, body } = operation;
  const statuses = [...anyProblems, ...(scope === 'public' ? [] : accessProblems), ...(method === 'GET' ? [] : bodyProblems), ...(operation.problems ?? [])];
  const problems = [...new Set(statuses)].filter((status) => operation.answers[status] === undefined).toSorted((a, b) => a - b);
  return {
    operationId: id, tags: [tag], summary,
    ...(scope === 'public' ? { security: [] } : { 'x-scope': scope }),
    parameters: parameters(operation),
    ...(body === undefined ? {} : { requestBody: { required: !body.safeParse(undefined).success, content: { 'application/json': { schema: schemas.add(`${id[0]!.toUpperCase()}${id.slice(1)}Request`, body, 'input') } } } }),
    responses: {
      ...Object.fromEntries(Object.entries(operation.answers).map(([status, answer]) => [status, responseObject(answer, schemas)])),
      ...Object.fromEntries(problems.map((status) => [status, { $ref: '#/components/responses/Problem' }])),
    },
  };
}

function parameters({ params, query, headers }: Operation): object[] {
  return ([['path', params], ['query', query], ['header', headers]] as const).flatMap(([place, schema]) => {
    if (schema === undefined) return [];
    const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as { properties?: Record<string, object>; required?: string[] };
    return Object.entries(properties).map(([name, one]) => {
      const { description, ...rest } = one as { description?: string };
      return { name: place === 'header' ? name.replaceAll(/(?:^|-)\w/g, (part) => part.toUpperCase()) : name, in: place, required: place === 'path' || required.includes(name), ...(description === undefined ? {} : { description }), schema: rest };
    });
  });
}

function responseObject({ description, name, schema, contentType, headers }: Answer, schemas: SchemaComponents): object {
  const content = schema === undefined ? contentType === undefined ? undefined : {} : { schema: schemas.add(name!, schema, 'output') };
  return {
    description,
    ...(headers === undefined ? {} : { headers: Object.fromEntries(Object.entries(headers).map(([header, text]) => [header, { description: text, schema: { type: 'string' } }])) }),
    ...(content === undefined ? {} : { content: { [contentType ?? 'application/json']: content } }),
  };
}

/** For people who read a status in a problem. */
export const titleOf = (status: number): string => STATUS_CODES[status] ?? 'Error';
