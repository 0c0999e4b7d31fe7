import { shortened } from '../facts/short-text.js';
import type { ClassNode, FunctionNode } from '../graph/graph-rows.js';
import { Best } from '../search/best.js';
import type { GraphIndex } from './graph-index.js';
import { importance } from './importance.js';
import { signatureOf } from './named-symbol.js';
import { charactersPerToken, questionBounds } from './question-bounds.js';

export interface RepositoryMap {
  readonly text: string;
  readonly tokens: number;
  readonly counts: { readonly files: number; readonly symbols: number; readonly ofFiles: number; readonly ofSymbols: number };
}

type Definition = FunctionNode | ClassNode;

/** What a map may name, the most important first: one per definition that is no test, computed once per state of a graph. */
export interface Ranking {
  readonly definitions: readonly { readonly node: Definition; readonly line: string }[];
  readonly ofSymbols: number;
  readonly ofFiles: number;
}

export function ranking(graph: GraphIndex): Ranking {
  const ranks = importance(graph);
  const best = new Best<number>(questionBounds.mapSymbols, (a, b) => (ranks[b] ?? 0) - (ranks[a] ?? 0) || (graph.id(a) < graph.id(b) ? -1 : 1));
  const files = new Set<string>();
  let ofSymbols = 0;
  ranks.forEach((rank, number) => {
    const node = graph.symbol(number);
    if (rank === 0 || node === undefined) return;
    ofSymbols += 1;
    files.add(node.file_path);
    if (best.wants(number)) best.add(number);
  });
  const definitions = best.sorted().map((number) => graph.symbol(number) as Definition).map((node) => ({ node, line: lineOf(node) }));
  return { definitions, ofSymbols, ofFiles: files.size };
}

/**
 * The signatures of the most important definitions, by file, each file where its most important one puts it. What is less
 * important is left out until the text is within `tokens`; a signature is never cut to fit.
 */
export function repositoryMap({ definitions, ofSymbols, ofFiles }: Ranking, tokens: number): RepositoryMap {
  const files = new Map<string, Ranking['definitions'][number][]>();
  let left = tokens * charactersPerToken;
  let symbols = 0;
  for (const definition of definitions) {
    const { node, line } = definition;
    if (line.length > left) continue;
    const known = files.get(node.file_path);
    const cost = line.length + (known === undefined ? node.file_path.length + 1 : 0);
    if (cost > left) continue;
    left -= cost;
    symbols += 1;
    if (known === undefined) files.set(node.file_path, [definition]);
    else known.push(definition);
  }
  const text = [...files].map(([path, nodes]) => `${path}\n${nodes.sort((a, b) => byLine(a.node, b.node)).map(({ line }) => line).join('')}`).join('');
  return { text, tokens: Math.ceil(text.length / charactersPerToken), counts: { files: files.size, symbols, ofFiles, ofSymbols } };
}

const byLine = (a: Definition, b: Definition): number => a.start_line - b.start_line || (a.id < b.id ? -1 : 1);

/** e.g. `  12 Door.lock(key: Key): boolean`. */
function lineOf(node: Definition): string {
  return `  ${node.start_line} ${shortened(signatureOf(node), questionBounds.mapLine).text}\n`;
}
