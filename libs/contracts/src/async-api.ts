import { z } from 'zod';
import type { CommandDefinition, EventDefinition } from '@cascade/messages';
import { cascadeCleanUpRequested, cascadeRequested, inputGiven } from './cascade-events.js';
import { docsIndexRequested } from './docs-events.js';
import { SchemaComponents } from './schema-components.js';

/** What anybody may publish; everything else Cascade does. */
const fromOutside = new Set<string>([cascadeRequested, inputGiven, cascadeCleanUpRequested, docsIndexRequested].map(({ type }) => type));

/** Attributes of an entry, each one a field of it, beside `data`. */
const attributes = z.object({
  specversion: z.literal('1.0').optional(),
  id: z.string().max(200).optional(),
  source: z.string().max(500).optional(),
  type: z.string().max(100),
  time: z.string().optional().describe('RFC 3339'),
  subject: z.string().max(4000).optional(),
  datacontenttype: z.literal('application/json').optional(),
  dataschema: z.string().max(300).optional(),
  correlationid: z.string().max(200).optional().describe('The cascade\'s id.'),
  causationid: z.string().max(200).optional().describe('Id of the event whose handling published this one.'),
  expirytime: z.string().optional().describe('RFC 3339: the cascade\'s deadline.'),
  traceparent: z.string().optional(),
  priority: z.enum(['CRITICAL', 'HIGH', 'NORMAL', 'LOW']).optional(),
});

const ref = (...path: readonly string[]): { readonly $ref: string } => ({ $ref: `#/${path.join('/')}` });

/**
 * The AsyncAPI 3 document of these contracts: docs/asyncapi.json, and what the API serves. Redis Streams have no binding
 * in AsyncAPI; what it would say is under `x-redis-stream`.
 */
export function renderAsyncApi(events: readonly EventDefinition[], commands: readonly CommandDefinition[]): object {
  const schemas = new SchemaComponents('draft-7');
  const headers = schemas.add('CloudEventAttributes', attributes, 'input');
  const message = (name: string, summary: string, schema: z.ZodType): object => ({ name, summary, contentType: 'application/json', headers, payload: schemas.add(name, schema, 'input'), correlationId: { location: '$message.header#/correlationid' } });
  const messages = Object.fromEntries([
    ...events.map((event) => [event.type, message(event.type, event.summary, event.schema)]),
    ...commands.flatMap((command) => [[command.type, message(command.type, command.summary, command.request)], [`${command.type}.reply`, { name: `${command.type}.reply`, contentType: 'application/json', payload: schemas.add(`${command.type}.reply`, command.reply, 'input') }]]),
  ]);
  return {
    asyncapi: '3.0.0',
    info: { title: 'Cascade: events and commands', version: '1', license: { name: 'MIT' }, description: 'Each type has one Redis stream, `stream:<type>`; other priorities than NORMAL have lanes of their own, `stream:<type>:critical`, `:high`, `:low`. An entry is a CloudEvents 1.0 event in binary mode: one field per attribute, and `data`, which is JSON. An outside publisher needs only `type` and `data`.' },
    defaultContentType: 'application/json',
    servers: { redis: { host: '{host}', protocol: 'redis', description: 'The Redis of the deployment (REDIS_URL).', variables: { host: { default: '127.0.0.1:6379' } } } },
    channels: {
      ...Object.fromEntries([...events, ...commands].map(({ type }) => [type, channelOf(type)])),
      ...Object.fromEntries(commands.map(({ type }) => [`${type}.reply`, { address: null, messages: { [`${type}.reply`]: ref('components', 'messages', `${type}.reply`) } }])),
    },
    operations: Object.fromEntries([...events.map(eventOperation), ...commands.map(commandOperation)]),
    components: { messages, schemas: schemas.all },
  };
}

const channelOf = (type: string): object => ({
  address: `stream:${type}`, messages: { [type]: ref('components', 'messages', type) },
  'x-redis-stream': { key: `stream:${type}`, lanes: ['critical', 'high', 'low'].map((lane) => `stream:${type}:${lane}`), groups: 'one per service, named as the service' },
});

function eventOperation({ type, summary }: EventDefinition): [string, object] {
  return [type, { action: fromOutside.has(type) ? 'receive' : 'send', channel: ref('channels', type), summary, messages: [ref('channels', type, 'messages', type)] }];
}

function commandOperation({ type, summary }: CommandDefinition): [string, object] {
  const reply = `${type}.reply`;
  return [type, {
    action: 'receive', channel: ref('channels', type), summary, messages: [ref('channels', type, 'messages', type)],
    reply: { address: { location: '$message.header#/id', description: 'The list `reply:<id>`, for a while.' }, channel: ref('channels', reply), messages: [ref('channels', reply, 'messages', reply)] },
  }];
}
