import { z } from 'zod';

/**
 * What is known about one file of a repository: plain JSON, the same for the same bytes, without a word about where the
 * file lies. Lines count from 1. `key` names a definition inside its file: its qualified name, and `~2`, `~3` … for the
 * next ones of the same name (overloads, branches of a condition).
 */
const line = z.int().positive();
const lines = { startLine: line, endLine: line };

export const languageName = z.enum(['typescript', 'tsx', 'javascript', 'python', 'go', 'rust', 'java']);
export type LanguageName = z.output<typeof languageName>;

export const functionFacts = z.object({
  key: z.string(),
  name: z.string(),
  qualifiedName: z.string(),
  kind: z.enum(['function', 'method', 'test']),
  ...lines,
  doc: z.string(),
  /** As written, without the outer parentheses, white space folded. */
  parameters: z.string(),
  /** The return type as written; empty where there is none. */
  returns: z.string(),
  /** Qualified name of the class that it belongs to; empty for a free function. */
  parent: z.string(),
  isTest: z.boolean(),
  /** The name that a method gives to its own object, where it may choose one: Go's receiver. */
  self: z.string(),
  /** The different words of its body, with a blank between: names that it uses, and words of its strings. */
  words: z.string(),
});
export type FunctionFacts = z.output<typeof functionFacts>;

export const classKind = z.enum(['class', 'interface', 'struct', 'enum', 'trait', 'type']);
export type ClassKind = z.output<typeof classKind>;

/** Of which class something is, as far as the text tells: one of `type` and `made`, or neither. */
export const originFacts = z.object({
  /** The type that is written beside it, or of which it is made. */
  type: z.string().optional(),
  /** The call that made it, without arguments: `make`, `Shop.open`, `self.shop.find`. It gives a class' object or what it says it returns. */
  made: z.string().optional(),
  /** What was made has been awaited or unwrapped. */
  opened: z.boolean().optional(),
});
export type OriginFacts = z.output<typeof originFacts>;

export const fieldFacts = z.object({
  name: z.string(),
  /** As written; empty where the text does not say it. */
  type: z.string(),
  /** What it is set to, where its type is not written. */
  origin: originFacts.optional(),
});
export type FieldFacts = z.output<typeof fieldFacts>;

export const classFacts = z.object({
  key: z.string(),
  name: z.string(),
  qualifiedName: z.string(),
  kind: classKind,
  ...lines,
  doc: z.string(),
  parent: z.string(),
  /** What it extends, implements or embeds, as written. */
  bases: z.array(z.string()),
  fields: z.array(fieldFacts),
});
export type ClassFacts = z.output<typeof classFacts>;

/** One name that a file takes from another: `import { name as alias } from 'module'`. */
export const importFacts = z.object({
  module: z.string(),
  /** `*` is the whole module, `default` its default export; empty when only its side effects are wanted. */
  name: z.string(),
  /** The name by which this file knows it; empty when it binds none. */
  alias: z.string(),
  /** The file hands the name on to those that import it. */
  reexport: z.boolean(),
  line,
});
export type ImportFacts = z.output<typeof importFacts>;

export const callFacts = z.object({
  callee: z.string(),
  /** What stands before the last dot, as written; empty for a plain call. With `::` at the end it is a path in any case, and no variable. */
  receiver: z.string(),
  /** How many arguments; left out where that is not said (one may stand for many) and where languages choose no overload by it. */
  arguments: z.int().nonnegative().optional(),
  line,
  /** Key of the function in which the call stands; empty at the top of the file. */
  caller: z.string(),
});
export type CallFacts = z.output<typeof callFacts>;

/**
 * A variable on which something is called. One that is bound in several ways has an entry for each; neither a type nor a
 * call in an entry means that the text does not tell.
 */
export const localFacts = originFacts.extend({
  name: z.string(),
  /** Key of the function that binds it; empty at the top of the file. */
  function: z.string(),
});
export type LocalFacts = z.output<typeof localFacts>;

export const sourceFacts = z.object({
  status: z.literal('source'),
  path: z.string(),
  language: languageName,
  lines: z.int().nonnegative(),
  /** What the file says about itself, or its package. */
  doc: z.string(),
  /** The package that it declares to belong to, in Go and Java. */
  module: z.string(),
  /** Places that the grammar could not read; the facts are what could be read around them. Empty for a file that parsed. */
  damage: z.array(z.object(lines)),
  /** Names of the bounds that were reached: some facts are missing or shortened. */
  cut: z.array(z.string()),
  functions: z.array(functionFacts),
  classes: z.array(classFacts),
  imports: z.array(importFacts),
  calls: z.array(callFacts),
  locals: z.array(localFacts),
});
export type SourceFacts = z.output<typeof sourceFacts>;

export const docPage = z.object({
  key: z.string(),
  title: z.string(),
  /** Titles from the document's first level down to this section's own. */
  headings: z.array(z.string()),
  text: z.string(),
  ...lines,
});
export type DocPage = z.output<typeof docPage>;

export const documentFacts = z.object({
  status: z.literal('document'),
  path: z.string(),
  lines: z.int().nonnegative(),
  cut: z.array(z.string()),
  pages: z.array(docPage),
});
export type DocumentFacts = z.output<typeof documentFacts>;

/** Where a package says its name, and what the imports of its language mean. */
export const manifestFacts = z.object({
  status: z.literal('manifest'),
  path: z.string(),
  kind: z.enum(['npm', 'tsconfig', 'go', 'cargo', 'python']),
  lines: z.int().nonnegative(),
  name: z.string(),
  description: z.string(),
  /** tsconfig's baseUrl; empty for none. */
  base: z.string(),
  /** The tsconfigs that it begins with. */
  extends: z.array(z.string()),
  /** npm's exports, tsconfig's paths, cargo's lib: where what is asked for by `pattern` lies, in the order of preference. */
  targets: z.array(z.object({ pattern: z.string(), target: z.string() })),
});
export type ManifestFacts = z.output<typeof manifestFacts>;

/** `symlink`, `submodule` and `missing` are said by whoever lists the files: these have no bytes. */
export const skipReason = z.enum(['unsupported', 'symlink', 'submodule', 'missing', 'too-large', 'binary', 'not-utf8', 'generated', 'minified', 'too-deep', 'too-complex', 'damaged']);
export type SkipReason = z.output<typeof skipReason>;

export const skippedFile = z.object({
  status: z.literal('skipped'),
  path: z.string(),
  reason: skipReason,
});
export type SkippedFile = z.output<typeof skippedFile>;

export const fileFacts = z.discriminatedUnion('status', [sourceFacts, documentFacts, manifestFacts, skippedFile]);
export type FileFacts = z.output<typeof fileFacts>;
