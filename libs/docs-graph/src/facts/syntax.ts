import { terminal } from '@cascade/messages';
import type { Node, Parser, QueryMatch, Tree } from 'web-tree-sitter';
import { factBounds } from './bounds.js';
import { type ClassKind, classKind } from './file-facts.js';
import type { LoadedLanguage } from './loaded-language.js';

export type SyntaxKind = 'function' | ClassKind | 'namespace' | 'impl' | 'block' | 'base' | 'call' | 'local' | 'assigned' | 'shared' | 'import' | 'module' | 'field' | 'comment' | 'docstring' | 'mark' | 'damage';
const kinds = new Set<string>(['function', ...classKind.options, 'namespace', 'impl', 'block', 'base', 'call', 'local', 'assigned', 'shared', 'import', 'module', 'field', 'comment', 'docstring', 'mark', 'damage']);

/** One match of a language's query: what it is, where, and its parts by the name of their capture. */
export interface Syntax {
  readonly kind: SyntaxKind;
  readonly node: Node;
  readonly start: number;
  readonly end: number;
  readonly parts: Readonly<Record<string, Node>>;
}

/** Places that the grammar could not read are asked for in every language. */
export const damageQuery = '\n(ERROR) @damage\n(MISSING) @damage\n';

/**
 * A text's syntax in the order in which it is read: by beginning, and what surrounds before what is inside. Undefined when
 * that takes more than a file may cost; `cut` when the query could not follow everything.
 */
export function syntaxOf<Result>({ parser, query }: LoadedLanguage, text: string, use: (syntax: Syntax[], cut: boolean) => Result): Result | undefined {
  const tree = parse(parser, text);
  if (tree === null) {
    parser.reset(); // or the next file would continue this one
    return undefined;
  }
  try {
    if (beyondReading(tree.rootNode)) return undefined;
    const matches = query.matches(tree.rootNode, { matchLimit: factBounds.openMatches, maxStartDepth: factBounds.treeDepth });
    return use(matches.map(asSyntax).sort((a, b) => a.start - b.start || b.end - a.end), query.didExceedMatchLimit());
  } finally {
    tree.delete();
  }
}

/**
 * The tree, or null when it takes too many steps. A parser that runs out of WebAssembly's memory aborts, and with it every
 * parser of this thread: nothing is read there any more.
 */
function parse(parser: Parser, text: string): Tree | null {
  let steps = 0;
  // Declared as giving nothing; what ends the parse is a true result (web-tree-sitter's README).
  const progressCallback = (): boolean => (steps += 1) > factBounds.parseSteps;
  try {
    return parser.parse(text, null, { progressCallback });
  } catch (cause) {
    throw terminal('CASC_PARSER_BROKEN', `The parser gave up: ${cause instanceof Error ? cause.message : String(cause)}`, {
      advice: 'Leave this file out, and read the others in a new thread: this one has no parser any more.', cause,
    });
  }
}

/** Where the parser gave up it leaves one flat heap of tokens, at the file's top or right below. */
function beyondReading(root: Node): boolean {
  if (!root.hasError) return false;
  return [root, ...root.children].some((node) => node.isError && node.childCount > factBounds.brokenTokens);
}

function asSyntax({ captures }: QueryMatch): Syntax {
  const parts: Record<string, Node> = {};
  let main: { kind: SyntaxKind; node: Node } | undefined;
  for (const { name, node } of captures) {
    if (isKind(name)) main = { kind: name, node };
    else parts[name] = node;
  }
  if (main === undefined) throw new TypeError(`A query captures ${captures.map(({ name }) => name).join(', ')} without saying what it is`);
  return { ...main, parts, start: main.node.startIndex, end: main.node.endIndex };
}

const isKind = (name: string): name is SyntaxKind => kinds.has(name);
