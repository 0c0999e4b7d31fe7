import { cascadeRequested, inputGiven, relativePath, sha, taskId } from '@cascade/contracts';
import { z } from 'zod';
import { answered, artefactList, cancelled, cascadeParams, cascadeShort, cascadeView, startedCascade, transcript } from './cascade-schemas.js';
import { defineOperation } from './operation.js';
import { pageQuery } from './paging.js';

const tag = 'cascades';
const location = { Location: 'Where the cascade can be looked at.' };
const none = z.strictObject({});

export const startCascade = defineOperation({
  id: 'startCascade', method: 'POST', path: '/v1/cascades', tag, scope: 'run', summary: 'Asks for a change to a repository.',
  headers: z.object({ 'idempotency-key': z.string().min(1).max(200).regex(/^[\x21-\x7e]+$/).optional().describe('The same key with the same body starts one cascade, however often it is sent.') }),
  body: z.strictObject(cascadeRequested.schema.shape),
  answers: { 202: { description: 'It is asked for; also the answer to a repetition.', name: 'StartedCascade', schema: startedCascade, headers: location } },
  problems: [409, 422],
});

export const listCascades = defineOperation({
  id: 'listCascades', method: 'GET', path: '/v1/cascades', tag, scope: 'read', summary: 'All cascades, newest first, page by page.',
  query: pageQuery,
  answers: { 200: { description: 'A page.', name: 'CascadePage', schema: z.object({ cascades: z.array(cascadeShort), next: z.string().optional().describe('`cursor` of the next page.') }) } },
});

export const getCascade = defineOperation({
  id: 'getCascade', method: 'GET', path: '/v1/cascades/{id}', tag, scope: 'read', summary: 'One cascade with its tiers, stories, tasks, gate and spend.',
  params: cascadeParams,
  answers: { 200: { description: 'As it stands.', name: 'Cascade', schema: cascadeView } },
  problems: [404],
});

export const cascadeEventStream = defineOperation({
  id: 'cascadeEvents', method: 'GET', path: '/v1/cascades/{id}/events', tag, scope: 'read',
  summary: 'What happens to a cascade, from its beginning, as server-sent events: `progress` (data: at, service, line), `state` (data: the cascade as in a list, at first and when it changes), and `end` after the terminal event, with which the stream ends. Comments in between keep the connection alive.',
  params: cascadeParams,
  headers: z.object({ 'last-event-id': z.string().regex(/^(\d{1,20}(-\d{1,20})?|end)$/).optional().describe('Goes on after this `progress` event.') }),
  answers: { 200: { description: 'The stream.', contentType: 'text/event-stream' }, 204: { description: 'The `end` was received before: do not connect again.' } },
  problems: [404],
});

export const listArtefacts = defineOperation({
  id: 'listArtefacts', method: 'GET', path: '/v1/cascades/{id}/artefacts', tag, scope: 'read', summary: 'The files of a cascade\'s newest commit, or of one of its others: they are in no branch of the repository before it is completed.',
  params: cascadeParams,
  query: z.strictObject({ commit: sha.optional().describe('One of the cascade\'s own: of a task, or where it began.') }),
  answers: { 200: { description: 'Paths and sizes.', name: 'ArtefactList', schema: artefactList } },
  problems: [404],
});

export const getArtefact = defineOperation({
  id: 'getArtefact', method: 'GET', path: '/v1/cascades/{id}/artefacts/{path}', takesRest: true, tag, scope: 'read', summary: 'One file as text: of the newest commit, or, while the cascade is not completed, of a task\'s that is not merged yet.',
  params: z.strictObject({ ...cascadeParams.shape, path: relativePath.describe('With its slashes as they are.') }),
  query: listArtefacts.query,
  answers: { 200: { description: 'Its content.', contentType: 'text/plain; charset=utf-8', headers: { 'Content-Location': 'The same with the commit that it was read at.' } } },
  problems: [404],
});

export const getChange = defineOperation({
  id: 'getChange', method: 'GET', path: '/v1/cascades/{id}/change', tag, scope: 'read', summary: 'What a cascade has changed so far in the repository, or what one of its tasks has, as a unified diff.',
  params: cascadeParams,
  query: z.strictObject({ task: taskId.optional() }),
  answers: { 200: { description: 'The diff.', name: 'Change', schema: z.object({ commit: z.string(), diff: z.string(), cut: z.boolean().describe('It goes on; the rest is too long to be shown.') }) } },
  problems: [404],
});

export const getTranscript = defineOperation({
  id: 'getTranscript', method: 'GET', path: '/v1/cascades/{id}/transcript', tag, scope: 'read', summary: 'What was said in the group chat of tier 0.',
  params: cascadeParams,
  query: z.strictObject({ after: z.coerce.number().int().min(0).max(100_000).default(0), limit: z.coerce.number().int().min(1).max(200).default(50) }),
  answers: { 200: { description: 'A page.', name: 'Transcript', schema: transcript } },
  problems: [404],
});

export const getReport = defineOperation({
  id: 'getReport', method: 'GET', path: '/v1/cascades/{id}/report', tag, scope: 'read', summary: 'The report of a completed cascade.',
  params: cascadeParams,
  answers: { 200: { description: 'Markdown.', contentType: 'text/markdown; charset=utf-8' } },
  problems: [404],
});

export const cancelCascade = defineOperation({
  id: 'cancelCascade', method: 'POST', path: '/v1/cascades/{id}/cancel', tag, scope: 'run', summary: 'Ends a cascade; services stop working on it at once and clean up.',
  params: cascadeParams, body: z.strictObject({ reason: z.string().trim().min(1).max(1000).default('Cancelled through the API.') }).default({ reason: 'Cancelled through the API.' }),
  answers: { 200: { description: 'It has ended.', name: 'Cancelled', schema: cancelled } },
  problems: [404],
});

export const retryCascade = defineOperation({
  id: 'retryCascade', method: 'POST', path: '/v1/cascades/{id}/retry', tag, scope: 'run', summary: 'Asks again for what a cascade that failed, timed out or was cancelled was asked for: one new cascade, however often this is sent.',
  params: cascadeParams, body: none.default({}),
  answers: { 202: { description: 'The new cascade.', name: 'StartedCascade', schema: startedCascade, headers: location } },
  problems: [404, 409, 422],
});

export const giveInput = defineOperation({
  id: 'giveInput', method: 'POST', path: '/v1/cascades/{id}/input', tag, scope: 'run', summary: 'Answers a question that a cascade waits with. The first answer counts.',
  params: cascadeParams, body: z.strictObject(inputGiven.schema.shape),
  answers: { 200: { description: 'It goes on.', name: 'Answered', schema: answered } },
  problems: [404, 409],
});
