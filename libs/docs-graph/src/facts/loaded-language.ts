import type { Parser, Query } from 'web-tree-sitter';

/** A language's grammar and query, ready to read files. */
export interface LoadedLanguage {
  readonly parser: Parser;
  readonly query: Query;
}
