import { docsSearch, relativePath, sha } from '@cascade/contracts';
import { z } from 'zod';
import { startCascade } from '../contract/cascade-operations.js';
import { cascadeId, cascadeShort, cascadeView, progressEvent, startedCascade } from '../contract/cascade-schemas.js';

/** Longest that `run_status` waits, in seconds: less than clients wait for an answer, and than an answer may take. */
export const MAX_WAIT_SECONDS = 25;
/** Most characters of a file in one answer. */
export const MAX_TEXT = 100_000;
/** Most files that one answer lists. */
export const MAX_LISTED = 500;

const id = cascadeId.describe('Of the cascade, as run_start gave it.');

export const startInput = z.strictObject({
  ...startCascade.body.shape,
  key: startCascade.headers.shape['idempotency-key'].unwrap().describe('A word of your own for this order. Sent again with the same order it gives the same cascade instead of another one.'),
});
export const startOutput = startedCascade;

export const statusInput = z.strictObject({
  id,
  after: z.string().regex(/^\d{1,20}(-\d{1,20})?(\.[0-9a-f]{8})?$/).optional().describe('`cursor` of the answer before: only what happened since, and what is waited for is a change since then.'),
  waitSeconds: z.number().int().min(0).max(MAX_WAIT_SECONDS).default(0).describe('How long to wait when nothing has changed.'),
  until: z.enum(['change', 'end']).default('change').describe('What is waited for: the next change, or that the cascade ends or asks something.'),
  detail: z.enum(['short', 'full']).default('short').describe('`full` also gives every story and task.'),
});
export const statusOutput = z.object({
  ...cascadeShort.shape,
  tiers: cascadeView.shape.tiers,
  stories: cascadeView.shape.stories.optional(),
  tasks: cascadeView.shape.tasks.optional(),
  taskCounts: z.record(z.string(), z.number().int()).describe('Tasks by status.'),
  result: z.object({ branch: z.string(), commitSha: z.string() }).optional().describe('Of a completed cascade.'),
  ended: z.boolean(),
  lines: z.array(progressEvent).describe('What happened, oldest first.'),
  cursor: z.string().describe('`after` of the next call.'),
});

export const cancelInput = z.strictObject({ id, reason: z.string().trim().min(1).max(1000).default('Cancelled through MCP.') });

export const artefactInput = z.strictObject({
  id,
  path: relativePath.optional().describe('Of one file; the files are listed without it.'),
  under: relativePath.optional().describe('List only the files below this folder.'),
  commit: sha.optional().describe('One of the cascade\'s own instead of its newest.'),
  offset: z.number().int().min(0).max(10_000_000).default(0).describe('Character that the text begins at.'),
  limit: z.number().int().min(1).max(MAX_TEXT).default(20_000).describe('Most characters of text.'),
});
export const artefactOutput = z.object({
  commit: z.string(),
  path: z.string().optional(),
  text: z.string().optional(),
  next: z.number().int().optional().describe('`offset` of what follows; absent at the end.'),
  files: z.array(z.object({ path: z.string(), bytes: z.number().int() })).optional(),
  more: z.boolean().optional().describe('Whether there are more files than are listed.'),
});

export const searchInput = z.strictObject(docsSearch.request.shape);
export const searchOutput = docsSearch.reply;

export const answerInput = z.strictObject({
  id, name: z.string().min(1).max(200).describe('Of the question, as run_status shows it.'), answer: z.string().min(1).max(20_000),
});
