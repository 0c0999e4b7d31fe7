import { terminal } from '@cascade/messages';
import { codeTokens } from '../search/code-tokens.js';
import type { GraphIndex, SymbolNode } from './graph-index.js';
import { sourceLines } from './named-symbol.js';
import { nearNames } from './near-names.js';
import { questionBounds } from './question-bounds.js';

/**
 * The one symbol that is meant: by its id, `path#name` (the end of a path suffices), its qualified name or its short name.
 * Throws CASC_SYMBOL_NOT_FOUND with names that are near, CASC_SYMBOL_AMBIGUOUS with the ids of all that it may be.
 */
export function findSymbol(graph: GraphIndex, scope: string, asked: string): number {
  if (asked.length > questionBounds.symbolCharacters) throw notFound(asked, []);
  const whole = graph.numberOf(asked) ?? graph.numberOf(`${scope}:${asked}`);
  if (whole !== undefined && graph.symbol(whole) !== undefined) return whole;
  const found = candidates(graph, asked);
  const [first] = found;
  if (first === undefined) throw notFound(asked, proposals(graph, asked));
  if (found.length > 1) throw ambiguous(asked, found.map((number) => graph.symbol(number)));
  return first;
}

/** How many symbols a name may mean, and names that are like it when it means none. */
export function lookUp(graph: GraphIndex, scope: string, asked: string): { readonly count: number; readonly near: readonly string[] } {
  if (asked.length > questionBounds.symbolCharacters) return { count: 0, near: [] };
  if (graph.symbol(graph.numberOf(asked) ?? graph.numberOf(`${scope}:${asked}`) ?? 0) !== undefined) return { count: 1, near: [] };
  const count = candidates(graph, asked).length;
  return { count, near: count === 0 ? proposals(graph, asked) : [] };
}

/** `#` parts a path from a name, and may be in both: `a#b.ts#Door.#lock`. */
function candidates(graph: GraphIndex, asked: string): readonly number[] {
  const whole = named(graph, asked);
  if (whole.length > 0) return whole;
  const parts = asked.split('#', questionBounds.hashes);
  for (let at = 1; at < parts.length; at += 1) {
    const path = parts.slice(0, at).join('#');
    const found = named(graph, asked.slice(path.length + 1)).filter((number) => {
      const file = graph.symbol(number)?.file_path ?? '';
      return file === path || file.endsWith(`/${path}`);
    });
    if (found.length > 0) return found;
  }
  return [];
}

function named(graph: GraphIndex, name: string): readonly number[] {
  const qualified = graph.qualifiedNames.of(name);
  return qualified.length > 0 ? qualified : graph.shortNames.of(name);
}

/** Names that look alike, then names of what is found by the same words. */
function proposals(graph: GraphIndex, asked: string): string[] {
  const name = asked.slice(asked.indexOf('#') + 1).slice(0, questionBounds.comparedName);
  const alike = [...nearNames(name, graph.qualifiedNames.names()), ...nearNames(name, graph.shortNames.names())];
  const words = codeTokens(name).join(' ').replaceAll(/[\0-\x1f\x7f]/g, ' ');
  const akin = graph.words.search(words, questionBounds.proposals).map(({ id }) => graph.symbol(graph.numberOf(id) ?? 0));
  return [...new Set([...alike, ...akin.flatMap((node) => (node === undefined || node.table === 'DocPage' ? [] : [node.name]))])].slice(0, questionBounds.proposals);
}

const quoted = (asked: string): string => JSON.stringify(asked.slice(0, 200));

function notFound(asked: string, near: readonly string[]): Error {
  return terminal('CASC_SYMBOL_NOT_FOUND', `No function or class ${quoted(asked)} is indexed.`, { advice: near.length === 0 ? 'Search for it by words.' : 'Take one of these names, or search for it by words.', findings: near });
}

function ambiguous(asked: string, nodes: readonly (SymbolNode | undefined)[]): Error {
  const ids = nodes.flatMap((node) => (node === undefined ? [] : [`${node.id} (${sourceLines(node.file_path, node.start_line, node.end_line)})`])).sort();
  const shown = ids.slice(0, questionBounds.candidates);
  return terminal('CASC_SYMBOL_AMBIGUOUS', `${ids.length} functions or classes are called ${quoted(asked)}.`, { advice: 'Name one by its id or by path#name.', findings: shown });
}
