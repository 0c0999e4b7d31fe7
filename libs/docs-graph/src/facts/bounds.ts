/**
 * What one file may cost. A repository is somebody else's: without these, one generated file would stand for a thousand
 * written ones, or hold the process. A file beyond a bound on its whole is skipped with a reason; beyond a bound on a
 * part, the part is cut and the file's facts name the bound in `cut`.
 */
export const factBounds = {
  /** Written files are far below; the syntax tree takes some twenty times this in memory, which WebAssembly never gives back. */
  fileBytes: 1024 * 1024,
  /** Brackets open at once, or columns of indentation: beyond it no person wrote the file, and parsing stops being linear. */
  nesting: 1_000,
  /** `<` without a statement's or an argument's end between: read as nested type arguments they cost memory by their square, and the parser aborts without it. */
  angles: 500,
  /** Progress reports of the parser, one per hundred of its operations: a count, not a time, so that every machine skips the same files. A megabyte of written code takes some 5,000. */
  parseSteps: 50_000,
  /** Tokens in one stretch that does not parse: the query's time grows with their square, and nothing is to be found there. */
  brokenTokens: 20_000,
  /**
   * Levels of the syntax tree in which the query begins a pattern. Chains (`a.b().c()…`, `1 + 1 + …`) nest without brackets;
   * below 65,536 levels tree-sitter's cursor takes quadratic time. What lies deeper is passed over.
   */
  treeDepth: 5_000,
  /** Patterns of the query that may be open at once: chains of calls keep theirs open, and each costs at every node. */
  openMatches: 256,
  functions: 10_000,
  classes: 5_000,
  /** Of one class. */
  fields: 1_000,
  imports: 5_000,
  calls: 50_000,
  /** Variables on which something is called, with each of the ways in which they are bound. */
  locals: 20_000,
  sections: 5_000,
  /** Places that could not be parsed and are named. */
  damage: 20,
  /** Scopes in a qualified name; what lies deeper belongs to the innermost one that counts. */
  scopes: 32,
  /** Characters. */
  name: 200,
  qualifiedName: 800,
  doc: 8_000,
  parameters: 2_000,
  returns: 500,
  /** Different words of one function's body; further ones say little about it. */
  bodyWords: 150,
  /** Characters; what is longer is no word (keys, encoded data). */
  bodyWord: 40,
  base: 200,
  type: 200,
  receiver: 120,
  /** Characters of the call that made a variable. */
  made: 120,
  module: 500,
  section: 20_000,
  manifest: 256 * 1024,
  /** Of a manifest, one line. */
  description: 500,
  /** Paths, exports, conditions of a manifest. */
  targets: 500,
} as const;

export type FactBound = keyof typeof factBounds;
