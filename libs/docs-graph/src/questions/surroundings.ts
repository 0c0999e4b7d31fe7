import { fileId } from '../graph/graph-ids.js';
import { follow } from './follow.js';
import type { GraphIndex, SymbolNode } from './graph-index.js';
import { byPlace, fitting, namedSymbol, type NamedSymbol } from './named-symbol.js';
import { charactersPerToken, questionBounds } from './question-bounds.js';
import { type Direction, directions } from './relation.js';

export interface SurroundingsRequest {
  /** Files that somebody is about to change. */
  readonly paths: readonly string[];
  /** Files of which the signatures are wanted, because they are too long to be read whole. */
  readonly outlined: readonly string[];
  /** Files that are read whole: nothing of them is named. */
  readonly shown: readonly string[];
  readonly tokens: number;
}

export interface Surroundings {
  readonly outline: readonly NamedSymbol[];
  /** What the files call elsewhere. */
  readonly calls: readonly NamedSymbol[];
  /** What calls them from elsewhere, tests left out. */
  readonly calledBy: readonly NamedSymbol[];
  readonly more: boolean;
}

/**
 * What a change of some files has to know of all others, as signatures: what is called, what calls, and what else is of
 * interest, in this order of importance as far as the tokens go. A file that is not indexed has no surroundings.
 */
export function surroundings(graph: GraphIndex, scope: string, { paths, outlined, shown, tokens }: SurroundingsRequest): Surroundings {
  const own = definitionsIn(graph, scope, paths);
  const read = new Set([...paths, ...shown]);
  const near = (direction: Direction): SymbolNode[] => follow(graph, own, { direction, tables: ['DEPENDS_ON'], depth: 1 }, ({ nodes }) => nodes)
    .flatMap((number) => graph.symbol(number) ?? []).filter((node) => !read.has(node.file_path) && !isTest(node));
  const outline = definitionsIn(graph, scope, outlined.filter((path) => !read.has(path))).flatMap((number) => graph.symbol(number) ?? []).filter((node) => !isTest(node));
  const known = new Set(outline);
  let left = Math.min(tokens * charactersPerToken, questionBounds.listCharacters);
  const named = (nodes: readonly SymbolNode[]): { kept: NamedSymbol[]; more: boolean } => {
    const fit = fitting(nodes.toSorted(byPlace).map(namedSymbol), questionBounds.listed, left);
    left -= fit.kept.reduce((sum, one) => sum + Object.values(one).reduce((length, text: string) => length + text.length, 0), 0);
    return fit;
  };
  const [calls, calledBy, outlines] = [named(near(directions.out).filter((node) => !known.has(node))), named(near(directions.in).filter((node) => !known.has(node))), named(outline)];
  return { outline: outlines.kept, calls: calls.kept, calledBy: calledBy.kept, more: calls.more || calledBy.more || outlines.more };
}

const isTest = (node: SymbolNode): boolean => node.table === 'Function' && node.is_test;

/** Numbers of all functions and classes of these files, methods too. */
function definitionsIn(graph: GraphIndex, scope: string, paths: readonly string[]): number[] {
  const { CONTAINS } = graph.relations;
  const found = new Set<number>();
  const add = (number: number): void => {
    for (let edge = CONTAINS.first(number, directions.out); edge !== 0; edge = CONTAINS.next(edge, directions.out)) {
      const to = CONTAINS.target(edge, directions.out);
      const node = graph.symbol(to);
      if (node === undefined || node.table === 'DocPage' || found.has(to)) continue;
      found.add(to);
      add(to);
    }
  };
  for (const path of paths) add(graph.numberOf(fileId(scope, path)) ?? 0);
  return [...found];
}
