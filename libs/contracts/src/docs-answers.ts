import { z } from 'zod';
import { sha } from './project.js';

/** What answers of the documentation graph are made of. */
const count = z.number().int().nonnegative();
const name = z.string().max(1000);
const signature = z.string().max(3000);

/** Whole by itself: `repository@branch:path#Qualified.name~2`. */
export const symbolId = z.string().min(1).max(8000);

/** Where something stands: `path#L1-L9`, lines counted from 1, both included. */
export const docsSource = z.string().max(5000).regex(/#L[1-9]\d*-L[1-9]\d*$/);

/** `call` was followed through names and imports, `maybe` is the only one of that name. */
export const callConfidence = z.enum(['call', 'maybe']);

/** How far an answer can be believed: in every one of them. */
export const answerState = {
  branch: z.string().max(244),
  indexed_commit: sha,
  /** The branch is known to have gone on since. */
  stale: z.boolean(),
  /** Indexing goes on: there may be more than the answer says. */
  partial: z.boolean(),
};

export const symbolKinds = ['function', 'method', 'test', 'class', 'interface', 'struct', 'enum', 'trait', 'type', 'document'] as const;

const symbolFields = {
  id: symbolId,
  kind: z.enum(symbolKinds),
  /** Qualified within its file: `Door.lock`; a document's title. */
  name,
  signature,
  /** First sentence of its documentation. */
  summary: z.string().max(500),
  source: docsSource,
};
export const docsSymbol = z.object(symbolFields);
export type DocsSymbol = z.output<typeof docsSymbol>;

export const searchHit = z.object({ ...symbolFields, score: z.number() });

/** A symbol that was reached by following calls. */
export const reachedSymbol = z.object({
  ...symbolFields,
  /** Calls between, the fewest. */
  depth: count,
  /** The weakest call on the way, on the surest of the shortest ways. */
  confidence: callConfidence,
  /** Id of the symbol before it on the way. */
  through: symbolId,
  /** Where the call between the two stands. */
  at: docsSource,
});

export const memberSymbol = z.object({
  ...symbolFields,
  inherited: z.boolean(),
  /** Id of the class that defines it. */
  from: symbolId,
});

/** At most this many symbols in one list of an answer; `more` says that there were others. */
export const answerSymbols = 200;

export const reachedSymbols = { symbol: docsSymbol, symbols: z.array(reachedSymbol).max(answerSymbols), more: z.boolean() };
