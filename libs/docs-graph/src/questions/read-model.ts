import { setImmediate } from 'node:timers/promises';
import { terminal } from '@cascade/messages';
import type { EmbeddedText } from '../embeddings/vector-index.js';
import { type FileSlice, type GraphChange, type Scope, scopeId } from '../graph/graph-rows.js';
import type { Hit } from '../search/ranking.js';
import { searchBounds } from '../search/search-bounds.js';
import { type Citation, citations } from './citations.js';
import { classMembers, type ClassMembers } from './class-members.js';
import { findSymbol, lookUp } from './find-symbol.js';
import { GraphIndex, type SymbolNode } from './graph-index.js';
import { fitting, namedSymbol, type NamedSymbol, signatureOf } from './named-symbol.js';
import { groups } from './node-columns.js';
import { questionBounds } from './question-bounds.js';
import { directions } from './relation.js';
import { type Ranking, ranking, type RepositoryMap, repositoryMap } from './repository-map.js';
import { statistics, type Statistics } from './statistics.js';
import { surroundings, type Surroundings, type SurroundingsRequest } from './surroundings.js';
import { calls, describe, type Description, impact, type ImpactAnswer, type ReachedAnswer } from './symbol-questions.js';

const TURN_MS = 10;

export type SearchKind = 'function' | 'class' | 'document';
export interface SearchHit extends NamedSymbol {
  readonly score: number;
}

/** Tests are functions, too. */
const kindOf = (group: number): SearchKind => (group === groups.document ? 'document' : group === groups.class ? 'class' : 'function');

/**
 * One scope, in memory, answering questions: it holds the same rows as the graph on disk, and whatever changes they came
 * by, the answers are those of a model that was loaded in one go. Symbols are named as `findSymbol` takes them.
 */
export class DocsReadModel {
  private readonly graph = new GraphIndex();
  private readonly scope: string;
  private ranked: { version: number; ranking: Ranking } | undefined;

  constructor(scope: Scope) {
    this.scope = scopeId(scope);
  }

  /** Fills an empty model. */
  load(slices: Iterable<FileSlice>): void {
    for (const slice of slices) this.graph.load(slice);
  }

  /** The same, beside whatever else this process does: it is never held up for longer than `TURN_MS` and one slice. */
  async loadBeside(slices: Iterable<FileSlice>): Promise<void> {
    let turn = performance.now() + TURN_MS;
    for (const slice of slices) {
      this.graph.load(slice);
      if (performance.now() < turn) continue;
      await setImmediate();
      turn = performance.now() + TURN_MS;
    }
  }

  apply(change: GraphChange): void {
    this.graph.apply(change);
  }

  /** The best hits for words or names; throws CASC_SEARCH_QUERY_INVALID. */
  search(query: string, limit: number, kinds?: readonly SearchKind[]): SearchHit[] {
    return this.named(this.rank(query, limit, kinds));
  }

  /** The same as ids and scores, to be joined with another ranking before `named`. */
  rank(query: string, limit: number, kinds?: readonly SearchKind[]): Hit[] {
    return this.graph.words.search(query, limit, kinds === undefined ? undefined : (group) => kinds.includes(kindOf(group)));
  }

  named(hits: readonly Hit[]): SearchHit[] {
    const found = hits.map(({ id, score }) => ({ ...namedSymbol(this.symbolOf(id)), score }));
    return fitting(found, searchBounds.answers, questionBounds.listCharacters * 2).kept;
  }

  /** What the symbol calls; 1 to 6 calls deep. */
  dependencies(symbol: string, depth: number): ReachedAnswer {
    return calls(this.graph, this.find(symbol), directions.out, checkedDepth(depth));
  }

  callers(symbol: string, depth: number): ReachedAnswer {
    return calls(this.graph, this.find(symbol), directions.in, checkedDepth(depth));
  }

  /** Throws CASC_SYMBOL_NOT_FOUND also for what is no class. */
  classMethods(symbol: string): ClassMembers & { readonly symbol: NamedSymbol } {
    const number = this.find(symbol);
    const node = this.graph.symbol(number);
    if (node?.table !== 'Class') throw terminal('CASC_SYMBOL_NOT_FOUND', `${JSON.stringify(symbol.slice(0, 200))} is no class.`, { advice: 'Ask for the methods of a class.' });
    return { symbol: namedSymbol(node), ...classMembers(this.graph, number) };
  }

  impact(symbol: string, depth: number): ImpactAnswer {
    return impact(this.graph, this.find(symbol), checkedDepth(depth));
  }

  describe(symbol: string): Description {
    return describe(this.graph, this.find(symbol));
  }

  /** What most depends on, in at most so many tokens. */
  map(tokens: number): RepositoryMap {
    if (!Number.isInteger(tokens) || tokens < 1 || tokens > questionBounds.mapTokens) throw invalid(`${tokens} tokens are no whole number from 1 to ${questionBounds.mapTokens}`);
    if (this.ranked?.version !== this.graph.version) this.ranked = { version: this.graph.version, ranking: ranking(this.graph) };
    return repositoryMap(this.ranked.ranking, tokens);
  }

  /** Which of these names there are. */
  lookUp(names: readonly string[]): { readonly name: string; readonly count: number; readonly near: readonly string[] }[] {
    return names.map((name) => ({ name, ...lookUp(this.graph, this.scope, name) }));
  }

  /** What a change of some files has to know of the others. */
  surroundings(request: SurroundingsRequest): Surroundings {
    return surroundings(this.graph, this.scope, request);
  }

  stats(): Statistics {
    return statistics(this.graph);
  }

  /** Which of some sources, written as answers write them, are in the scope; up to 200. */
  citations(sources: readonly string[]): Citation[] {
    if (sources.length > questionBounds.listed) throw invalid(`${sources.length} sources are more than ${questionBounds.listed}`);
    return citations(this.graph, this.scope, sources);
  }

  /** Whether there is such a symbol of these kinds. */
  isOf(id: string, kinds?: readonly SearchKind[]): boolean {
    const number = this.graph.numberOf(id);
    return number !== undefined && this.graph.symbol(number) !== undefined && (kinds === undefined || kinds.includes(kindOf(this.graph.columns.group(number))));
  }

  /** What is to be embedded: each symbol's signature and documentation. */
  *texts(): Generator<EmbeddedText> {
    for (let number = 1; number < this.graph.capacity; number += 1) {
      const node = this.graph.symbol(number);
      if (node !== undefined) yield { id: node.id, text: `${signatureOf(node)}\n${node.table === 'DocPage' ? node.text : node.docstring}` };
    }
  }

  private find(symbol: string): number {
    return findSymbol(this.graph, this.scope, symbol);
  }

  private symbolOf(id: string): SymbolNode {
    return this.graph.symbol(this.graph.numberOf(id) ?? 0) as SymbolNode;
  }
}

function checkedDepth(depth: number): number {
  if (Number.isInteger(depth) && depth >= 1 && depth <= questionBounds.depth) return depth;
  throw invalid(`a depth of ${depth} is no whole number from 1 to ${questionBounds.depth}`);
}

function invalid(problem: string): Error {
  return terminal('CASC_QUESTION_INVALID', `The question cannot be answered: ${problem}.`, { advice: 'Ask within the bounds.' });
}
