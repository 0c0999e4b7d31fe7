import { z } from 'zod';
import { defineOperation } from './operation.js';

const group = z.object({
  stream: z.string(), group: z.string().describe('The service that reads it.'), partition: z.number().int(),
  length: z.number().int().describe('Entries of the stream, handled ones too.'),
  lag: z.number().int().describe('Entries that the service was not given yet.'), isAtLeast: z.boolean().describe('`lag` was counted up to a bound, and may be more.'),
  pending: z.number().int().describe('Entries that are being handled.'),
  oldestPendingMs: z.number(), oldestUndeliveredMs: z.number(),
});
const service = z.object({ service: z.string(), partition: z.number().int(), deadLetters: z.number().int(), delayedRetries: z.number().int() });

/** Also the data of the event `streams`. */
export const streamFigures = z.object({ groups: z.array(group), services: z.array(service) });
export type StreamFigures = z.output<typeof streamFigures>;

export const getStreams = defineOperation({
  id: 'getStreams', method: 'GET', path: '/v1/streams', tag: 'streams', scope: 'read', summary: 'How far every service is behind with the streams that it reads.',
  answers: { 200: { description: 'At this moment.', name: 'Streams', schema: streamFigures } },
});

export const overviewEventStream = defineOperation({
  id: 'overviewEvents', method: 'GET', path: '/v1/events', tag: 'streams', scope: 'read',
  summary: 'All that goes on, as server-sent events: `cascade` (data: a cascade as in a list; at first each of the newest ones, oldest first, then whichever changes), `streams` (data: as GET /v1/streams, at first and when it changes). Without ids: whoever connects again is told all at first.',
  answers: { 200: { description: 'The stream.', contentType: 'text/event-stream' } },
});
