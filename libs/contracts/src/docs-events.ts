import { z } from 'zod';
import { defineEvent } from '@cascade/messages';
import { problem } from './cascade-events.js';
import { sha } from './project.js';

/** Which documentation is meant: one branch of one repository. */
export const docsScope = {
  /** Path of a local repository, or an https/ssh URL. */
  repository: z.string().min(1).max(2000),
  /** The repository's current branch unless given. */
  branch: z.string().min(1).max(244).optional(),
};

const indexed = { ...docsScope, branch: z.string().min(1).max(244) };
const count = z.number().int().nonnegative();

/** What indexing does, in this order. */
export const indexPhases = ['listing', 'reading', 'parsing', 'resolving', 'storing', 'loading'] as const;
export type IndexPhase = (typeof indexPhases)[number];

export const docsIndexRequested = defineEvent('docs.index_requested', 'Somebody wants a branch\'s documentation indexed; what is indexed already and did not change costs nothing.', z.object({
  ...docsScope,
  /** The branch's tip unless given. */
  commit: sha.optional(),
}));

export const docsIndexProgressed = defineEvent('docs.index_progressed', 'An indexing that goes on, for people.', z.object({
  ...indexed, phase: z.enum(indexPhases), done: count, total: count,
}));

export const docsIndexed = defineEvent('docs.indexed', 'A branch\'s documentation answers questions as of `commit`.', z.object({
  ...indexed,
  commit: sha,
  files: count,
  /** Files that were parsed now, and those whose facts were known by their blob. */
  parsed: count,
  reused: count,
  /** Files that say nothing, by reason. */
  skipped: z.record(z.string().max(40), count).refine((reasons) => Object.keys(reasons).length <= 40, 'more than 40 reasons'),
  functions: count,
  classes: count,
  pages: count,
  edges: count,
  tookMs: z.number().nonnegative(),
  /** `rebuilt`: the graph on disk could not be used, and was made again. */
  how: z.enum(['unchanged', 'changed', 'whole', 'rebuilt']),
}));

export const docsIndexFailed = defineEvent('docs.index_failed', 'A branch could not be indexed; what was indexed before still answers.', z.object({ ...docsScope, problem }));

export const docsEvents = [docsIndexRequested, docsIndexProgressed, docsIndexed, docsIndexFailed] as const;
