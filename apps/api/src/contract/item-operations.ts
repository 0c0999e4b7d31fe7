import { problem as eventProblem } from '@cascade/contracts';
import { z } from 'zod';
import { cascadeId } from './cascade-schemas.js';
import { defineOperation } from './operation.js';
import { pageQuery } from './paging.js';

const kinds = ['epic', 'story', 'task', 'qa-assessment'] as const;
const item = z.object({
  key: z.string(), kind: z.enum(kinds), title: z.string(), status: z.string(), documentPath: z.string(), cascadeId: z.string(), modifiedAt: z.string(),
  columns: z.record(z.string(), z.string()).describe('The others: docs/keys.md.'),
});

export const listWorkItems = defineOperation({
  id: 'listWorkItems', method: 'GET', path: '/v1/work-items', tag: 'work items', scope: 'read', summary: 'Work items: those of one cascade, or all of them page by page in no order. A page may have fewer than `limit`, or none, and be followed by others.',
  query: z.strictObject({ ...pageQuery.shape, cascade: cascadeId.optional(), repository: z.string().min(1).max(200).optional().describe('Its name.'), kind: z.enum(kinds).optional() }),
  answers: { 200: { description: 'A page.', name: 'WorkItemPage', schema: z.object({ items: z.array(item), next: z.string().optional() }) } },
  problems: [404],
});

export const getWorkItem = defineOperation({
  id: 'getWorkItem', method: 'GET', path: '/v1/work-items/{key}', tag: 'work items', scope: 'read', summary: 'One work item with its document.',
  params: z.strictObject({ key: z.string().min(1).max(4000).describe('Percent-encoded.') }),
  answers: { 200: { description: 'It.', name: 'WorkItem', schema: z.object({ ...item.shape, document: z.unknown() }) } },
  problems: [404],
});

const attempt = z.looseObject({ time: z.string(), code: z.string(), message: z.string() });
const letter = z.object({
  id: z.string(), service: z.string(), stream: z.string(), entryId: z.string(), time: z.string(), attempts: z.number(), failed: z.array(attempt), cut: z.boolean(),
  problem: z.looseObject(eventProblem.shape).partial(), fields: z.record(z.string(), z.string()).describe('The entry.'),
});
const service = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
const letterParams = z.strictObject({ service, id: z.string().regex(/^\d{1,20}-\d{1,20}$/) });
const tag = 'dead letters';

export const listDeadLetters = defineOperation({
  id: 'listDeadLetters', method: 'GET', path: '/v1/dead-letters', tag, scope: 'read', summary: 'Events that nobody tries again, oldest first.',
  query: z.strictObject({ limit: pageQuery.shape.limit, service: service.optional(), code: z.string().regex(/^CASC_[A-Z0-9_]{1,80}$/).optional() }),
  answers: { 200: { description: 'The oldest.', name: 'DeadLetterList', schema: z.object({ letters: z.array(letter), more: z.boolean() }) } },
});

export const getDeadLetter = defineOperation({
  id: 'getDeadLetter', method: 'GET', path: '/v1/dead-letters/{service}/{id}', tag, scope: 'read', summary: 'One with every attempt.',
  params: letterParams,
  answers: { 200: { description: 'It.', name: 'DeadLetter', schema: letter } },
  problems: [404, 409],
});

export const retryDeadLetter = defineOperation({
  id: 'retryDeadLetter', method: 'POST', path: '/v1/dead-letters/{service}/{id}/retry', tag, scope: 'admin', summary: 'Delivers it once more to its service.',
  params: letterParams, body: z.strictObject({}).default({}),
  answers: { 200: { description: 'It is delivered.', name: 'DeadLetterRetried', schema: z.object({ service: z.string(), id: z.string(), result: z.literal('delivered') }) } },
  problems: [404, 409],
});

export const dropDeadLetter = defineOperation({
  id: 'dropDeadLetter', method: 'DELETE', path: '/v1/dead-letters/{service}/{id}', tag, scope: 'admin', summary: 'Removes it for good.',
  params: letterParams,
  answers: { 204: { description: 'It is gone.' } },
  problems: [404, 409],
});
