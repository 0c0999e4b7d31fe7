import { cascadeRequested } from '@cascade/contracts';
import { cascadeStates } from '@cascade/state';
import { z } from 'zod';
import { cascadeId } from './cascade-schemas.js';
import { defineOperation } from './operation.js';

const { request, repository, branch, epicName } = cascadeRequested.schema.shape;
const task = z.object({ task_id: z.string(), status: z.enum(cascadeStates), redis_key: z.string() });

export const executeCascade = defineOperation({
  id: 'executeCascade', method: 'POST', path: '/cascade/execute', tag: 'older routes', scope: 'run', summary: 'As POST /v1/cascades, in the words of older clients. Epics are numbered by Cascade: `epic_id` is taken and not used.',
  body: z.strictObject({ user_request: request, repo_name: repository, branch_name: branch, epic_id: z.union([z.string().max(100), z.number()]).optional(), epic_name: epicName }),
  answers: { 202: { description: 'It is asked for.', name: 'ExecutedTask', schema: task, headers: { Location: 'Its status.' } } },
  problems: [422],
});

export const executionStatus = defineOperation({
  id: 'executionStatus', method: 'GET', path: '/cascade/status/{task_id}', tag: 'older routes', scope: 'read', summary: 'As GET /v1/cascades/{id}, in short.',
  params: z.strictObject({ task_id: cascadeId }),
  answers: { 200: { description: 'As it stands.', name: 'TaskStatus', schema: z.object({ ...task.shape, branch: z.string().optional().describe('Of the result.'), error: z.string().optional() }) } },
  problems: [404],
});

const document = { contentType: 'application/json', description: 'The document.' };

export const getOpenApi = defineOperation({ id: 'getOpenApi', method: 'GET', path: '/openapi.json', tag: 'about', scope: 'public', summary: 'This document.', answers: { 200: document } });
export const getAsyncApi = defineOperation({ id: 'getAsyncApi', method: 'GET', path: '/asyncapi.json', tag: 'about', scope: 'public', summary: 'Events and commands as an AsyncAPI 3 document.', answers: { 200: document } });

const health = z.object({ status: z.enum(['ok', 'draining', 'redis-away']) });
export const getLive = defineOperation({ id: 'getLive', method: 'GET', path: '/live', tag: 'about', scope: 'public', isProbe: true, summary: 'Whether the process answers.', answers: { 200: { description: 'It does.', name: 'Health', schema: health } } });
export const getReady = defineOperation({
  id: 'getReady', method: 'GET', path: '/ready', tag: 'about', scope: 'public', isProbe: true, summary: 'Whether requests should be sent here.',
  answers: { 200: { description: 'Yes.', name: 'Health', schema: health }, 503: { description: 'It stops, or Redis does not answer.', name: 'Health', schema: health } },
});
