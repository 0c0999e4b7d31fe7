import { z } from 'zod';
import { defineCommand } from '@cascade/messages';
import { answerState, answerSymbols, docsSymbol, memberSymbol, reachedSymbol, reachedSymbols, searchHit, symbolId } from './docs-answers.js';
import { docsIndexed, docsIndexRequested, docsScope } from './docs-events.js';
import { relativePath } from './repository-path.js';

const count = z.number().int().nonnegative();
const notice = z.string().max(1000);
/** A symbol's id, its qualified name, `path#name`, or its short name, if only one is called so. */
const symbol = z.string().min(1).max(8000);

export const docsIndex = defineCommand('docs.index', 'The same as `docs.index_requested`, for who goes on only when the branch can be asked; costs nothing when nothing changed.', docsIndexRequested.schema, docsIndexed.schema);

export const docsSearch = defineCommand('docs.search', 'Functions, classes and document sections for a question in words or names, the best first.', z.object({
  ...docsScope,
  query: z.string().min(1).max(2000),
  limit: z.number().int().min(1).max(50).default(10),
  kinds: z.array(z.enum(['function', 'class', 'document'])).min(1).max(3).optional(),
}), z.object({
  ...answerState,
  hits: z.array(searchHit).max(50),
  /** `fused`: by words and by embeddings, joined by their ranks. */
  how: z.enum(['words', 'fused']),
  /** For people, e.g. that the endpoint of the embeddings did not answer. */
  notices: z.array(notice).max(10),
}));

export const docsDependencies = defineCommand('docs.dependencies', 'What a symbol calls, and what that calls; of a class, what its methods call.', z.object({
  ...docsScope, symbol, depth: z.number().int().min(1).max(3).default(1),
}), z.object({ ...answerState, ...reachedSymbols }));

export const docsCallers = defineCommand('docs.callers', 'What calls a symbol, and what calls that; of a class, what makes one or calls its methods.', z.object({
  ...docsScope, symbol, depth: z.number().int().min(1).max(3).default(1),
}), z.object({ ...answerState, ...reachedSymbols }));

export const docsClassMethods = defineCommand('docs.class_methods', 'Methods and fields of a class, with those that it inherits.', z.object({ ...docsScope, symbol }), z.object({
  ...answerState,
  symbol: docsSymbol,
  methods: z.array(memberSymbol).max(answerSymbols),
  fields: z.array(z.object({ name: z.string().max(1000), inherited: z.boolean(), from: symbolId })).max(answerSymbols),
  /** Bases that were found in the repository, nearest first. */
  bases: z.array(docsSymbol).max(50),
  more: z.boolean(),
}));

export const docsImpact = defineCommand('docs.impact', 'What a change of a symbol can break: everything that calls it, however far, and the tests that reach it.', z.object({
  ...docsScope, symbol, depth: z.number().int().min(1).max(6).default(6),
}), z.object({
  ...answerState,
  symbol: docsSymbol,
  callers: z.array(reachedSymbol).max(answerSymbols),
  tests: z.array(reachedSymbol).max(answerSymbols),
  /** Of all that was reached, named or not. */
  counts: z.object({ callers: count, tests: count, files: count }),
  /** Some are counted and not named, or a bound ended the search. */
  more: z.boolean(),
}));

export const docsDescribe = defineCommand('docs.describe', 'One symbol: its signature and documentation, who calls it, what it calls, its tests and the documents about it.', z.object({ ...docsScope, symbol }), z.object({
  ...answerState,
  symbol: docsSymbol,
  documentation: z.string().max(20_000),
  callers: z.array(reachedSymbol).max(50),
  dependencies: z.array(reachedSymbol).max(50),
  tests: z.array(docsSymbol).max(50),
  documents: z.array(docsSymbol).max(50),
  /** Of a class. */
  methods: z.array(memberSymbol).max(50),
  counts: z.object({ callers: count, dependencies: count, tests: count, documents: count, methods: count }),
}));

export const docsMap = defineCommand('docs.map', 'The repository in so many tokens: the signatures of what most depends on, by file.', z.object({
  ...docsScope, tokens: z.number().int().min(100).max(20_000).default(1000),
}), z.object({
  ...answerState,
  text: z.string().max(200_000),
  /** Estimated; never more than were asked for. */
  tokens: count,
  counts: z.object({ files: count, symbols: count, ofFiles: count, ofSymbols: count }),
}));

const paths = z.array(relativePath).max(200);

export const docsFind = defineCommand('docs.find', 'Which of these names the repository has.', z.object({ ...docsScope, names: z.array(symbol).min(1).max(50) }), z.object({
  ...answerState,
  names: z.array(z.object({
    name: symbol,
    /** Symbols that it may mean; none for a name that is unknown. */
    count,
    /** Names that are like one that is unknown. */
    near: z.array(z.string().max(8000)).max(10),
  })).max(50),
}));

export const docsSurroundings = defineCommand('docs.surroundings', 'What a change of some files has to know of all others, as signatures: what they call, what calls them, and what is in files that are too long to be shown.', z.object({
  ...docsScope,
  paths,
  /** Files of which all signatures are wanted. */
  outlined: paths.default([]),
  /** Files that are known whole: nothing of them is named. */
  shown: paths.default([]),
  tokens: z.number().int().min(100).max(20_000).default(2000),
}), z.object({
  ...answerState,
  calls: z.array(docsSymbol).max(answerSymbols),
  calledBy: z.array(docsSymbol).max(answerSymbols),
  outline: z.array(docsSymbol).max(answerSymbols),
  more: z.boolean(),
}));

export const docsStats = defineCommand('docs.stats', 'How much is indexed of a branch.', z.object(docsScope), z.object({
  ...answerState,
  files: z.object({ source: count, document: count, manifest: count, skipped: count }),
  languages: z.record(z.string().max(40), count),
  functions: count,
  tests: count,
  classes: count,
  documents: count,
  packages: count,
  edges: z.object({ CONTAINS: count, DEPENDS_ON: count, IMPORTS: count, INHERITS: count, DOCUMENTS: count, TESTS: count }),
  calls: z.object({ call: count, maybe: count }),
}));

const cypherScalar = z.union([z.string().max(20_000), z.number(), z.boolean()]);

export const docsCypher = defineCommand('docs.cypher', 'A read-only Cypher query over everything that is indexed, for operators; rows and time are bounded.', z.object({
  ...docsScope,
  query: z.string().min(1).max(20_000),
  parameters: z.record(z.string().regex(/^[A-Za-z_]\w{0,62}$/), cypherScalar).refine((given) => Object.keys(given).length <= 50, 'more than 50 parameters').default({}),
  rows: z.number().int().min(1).max(1000).default(100),
  timeoutMs: z.number().int().min(10).max(5000).default(2000),
}), z.object({
  ...answerState,
  columns: z.array(z.string().max(1000)).max(200),
  rows: z.array(z.array(z.json())).max(1000),
  more: z.boolean(),
}));

export const docsCommands = [docsIndex, docsSearch, docsDependencies, docsCallers, docsClassMethods, docsImpact, docsDescribe, docsMap, docsFind, docsSurroundings, docsStats, docsCypher] as const;
