import { shortened } from '../facts/short-text.js';
import type { ClassNode, Confidence, FunctionNode } from '../graph/graph-rows.js';
import type { SymbolNode } from './graph-index.js';
import { questionBounds } from './question-bounds.js';

/** A symbol as answers name it. */
export interface NamedSymbol {
  readonly id: string;
  readonly kind: FunctionNode['kind'] | ClassNode['kind'] | 'document';
  readonly name: string;
  readonly signature: string;
  readonly summary: string;
  /** `path#L1-L9`. */
  readonly source: string;
}

/** By file, then by line. */
export const byPlace = (a: SymbolNode, b: SymbolNode): number => (a.file_path === b.file_path ? a.start_line - b.start_line || (a.id < b.id ? -1 : 1) : a.file_path < b.file_path ? -1 : 1);

/** One that was reached by following calls. */
export interface ReachedSymbol extends NamedSymbol {
  readonly depth: number;
  /** The weakest call on the way, on the surest of the shortest ways. */
  readonly confidence: Confidence;
  /** Id of the one before it on the way. */
  readonly through: string;
  /** Where the call between the two stands. */
  readonly at: string;
}

export const sourceLines = (path: string, from: number, to: number): string => `${path}#L${from}-L${to}`;

const short = (text: string, limit: number): string => {
  const { text: kept, cut } = shortened(text, limit - 1);
  return cut ? `${kept}…` : kept;
};

/** What a caller has to know: name, parameters and type, as one line. */
export function signatureOf(node: SymbolNode): string {
  if (node.table === 'DocPage') return short(node.headings.join(' › '), questionBounds.signature);
  if (node.table === 'Class') return short(`${node.kind} ${node.name}`, questionBounds.signature);
  if (node.kind === 'test') return short(node.name, questionBounds.signature);
  return short(`${node.name}(${node.parameters})${node.return_type === '' ? '' : `: ${node.return_type}`}`, questionBounds.signature);
}

/** Up to the first full stop that ends a word, or the first empty line. */
export function firstSentence(text: string): string {
  const start = shortened(text.trimStart(), questionBounds.summary * 2).text;
  const end = start.search(/[.!?](?=\s|$)|\n\s*\n/);
  const sentence = end < 0 ? start : start.slice(0, start[end] === '\n' ? end : end + 1);
  const line = /[^\S ]| {2}/.test(sentence) ? sentence.replaceAll(/\s+/g, ' ') : sentence;
  return short(line.trim(), questionBounds.summary);
}

export function namedSymbol(node: SymbolNode): NamedSymbol {
  return {
    id: node.id,
    kind: node.table === 'DocPage' ? 'document' : node.kind,
    name: short(node.table === 'DocPage' ? node.title : node.name, questionBounds.signature),
    signature: signatureOf(node),
    summary: firstSentence(node.table === 'DocPage' ? node.text : node.docstring),
    source: sourceLines(node.file_path, node.start_line, node.end_line),
  };
}

const textOf = (value: unknown): number => (typeof value === 'string' ? value.length : 0);

/** The first of a list that fit into an answer, by number and by characters; `more` when some do not. */
export function fitting<T extends object>(all: Iterable<T>, count: number, characters: number): { kept: T[]; more: boolean } {
  const kept: T[] = [];
  let left = characters;
  for (const one of all) {
    left -= Object.values(one).reduce((sum: number, value: unknown) => sum + textOf(value), 0);
    if (kept.length === count || left < 0) return { kept, more: true };
    kept.push(one);
  }
  return { kept, more: false };
}
