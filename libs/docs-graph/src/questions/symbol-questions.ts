import { shortened } from '../facts/short-text.js';
import { classMembers, type MemberSymbol, ownMethods } from './class-members.js';
import { Reached } from './follow.js';
import type { GraphIndex, SymbolNode } from './graph-index.js';
import { fitting, namedSymbol, type NamedSymbol, type ReachedSymbol } from './named-symbol.js';
import { groups } from './node-columns.js';
import { questionBounds } from './question-bounds.js';
import { type Direction, directions } from './relation.js';

export interface ReachedAnswer {
  readonly symbol: NamedSymbol;
  readonly symbols: readonly ReachedSymbol[];
  readonly more: boolean;
}

export interface ImpactAnswer {
  readonly symbol: NamedSymbol;
  readonly callers: readonly ReachedSymbol[];
  readonly tests: readonly ReachedSymbol[];
  readonly counts: { readonly callers: number; readonly tests: number; readonly files: number };
  readonly more: boolean;
}

export interface Description {
  readonly symbol: NamedSymbol;
  readonly documentation: string;
  readonly callers: readonly ReachedSymbol[];
  readonly dependencies: readonly ReachedSymbol[];
  readonly tests: readonly NamedSymbol[];
  readonly documents: readonly NamedSymbol[];
  readonly methods: readonly MemberSymbol[];
  readonly counts: { readonly callers: number; readonly dependencies: number; readonly tests: number; readonly documents: number; readonly methods: number };
}

/** A class is called and calls through its methods; between them is nobody's concern. */
const whole = (graph: GraphIndex, number: number): number[] => (graph.symbol(number)?.table === 'Class' ? [number, ...ownMethods(graph, number)] : [number]);

const symbolAt = (graph: GraphIndex, number: number): SymbolNode => graph.symbol(number) as SymbolNode;

/** Tests and others of some nodes. */
function parted(graph: GraphIndex, nodes: readonly number[]): { tests: number[]; others: number[] } {
  const [tests, others]: [number[], number[]] = [[], []];
  for (const node of nodes) (graph.columns.group(node) === groups.test ? tests : others).push(node);
  return { tests, others };
}

/** In how many files some nodes stand. */
function filesOf({ columns }: GraphIndex, nodes: readonly number[]): number {
  const seen = new Uint8Array(columns.fileCapacity);
  for (const node of nodes) seen[columns.file(node)] = 1;
  return seen.reduce((sum, one) => sum + one, 0);
}

/** What a symbol calls, or what calls it, to a depth. */
export function calls(graph: GraphIndex, number: number, direction: Direction, depth: number): ReachedAnswer {
  const reached = new Reached(graph, whole(graph, number), { direction, tables: ['DEPENDS_ON'], depth });
  const { kept, more } = reached.named(reached.nodes, questionBounds.listed, questionBounds.listCharacters);
  return { symbol: namedSymbol(symbolAt(graph, number)), symbols: kept, more: more || reached.cut };
}

/** Everything that a change may break: callers of callers, classes that inherit, and the tests that come to it. */
export function impact(graph: GraphIndex, number: number, depth: number): ImpactAnswer {
  const reached = new Reached(graph, whole(graph, number), { direction: directions.in, tables: ['DEPENDS_ON', 'TESTS', 'INHERITS'], depth });
  const { tests, others } = parted(graph, reached.nodes);
  const named = [others, tests].map((nodes) => reached.named(nodes, questionBounds.listed, questionBounds.listCharacters));
  return {
    symbol: namedSymbol(symbolAt(graph, number)),
    callers: named[0]?.kept ?? [],
    tests: named[1]?.kept ?? [],
    counts: { callers: others.length, tests: tests.length, files: filesOf(graph, reached.nodes) },
    more: reached.cut || named.some(({ more }) => more),
  };
}

/** One symbol with what stands next to it. */
export function describe(graph: GraphIndex, number: number): Description {
  const node = symbolAt(graph, number);
  const from = whole(graph, number);
  const callers = new Reached(graph, from, { direction: directions.in, tables: ['DEPENDS_ON'], depth: 1 });
  const tests = new Reached(graph, from, { direction: directions.in, tables: ['DEPENDS_ON', 'TESTS'], depth: 1 });
  const pages = new Reached(graph, from, { direction: directions.in, tables: ['DOCUMENTS'], depth: 1 });
  const callees = new Reached(graph, from, { direction: directions.out, tables: ['DEPENDS_ON'], depth: 1 });
  const calling = parted(graph, callers.nodes).others;
  const testing = parted(graph, tests.nodes).tests;
  const methods = node.table === 'Class' ? classMembers(graph, number).methods : [];
  const { described, describedCharacters, documentation } = questionBounds;
  const named = (reached: Reached, nodes: readonly number[]): ReachedSymbol[] => reached.named(nodes, described, describedCharacters).kept;
  return {
    symbol: namedSymbol(node),
    documentation: shortened(node.table === 'DocPage' ? node.text : node.docstring, documentation).text,
    callers: named(callers, calling),
    dependencies: named(callees, callees.nodes),
    tests: named(tests, testing),
    documents: named(pages, pages.nodes),
    methods: fitting(methods, described, describedCharacters).kept,
    counts: { callers: calling.length, dependencies: callees.nodes.length, tests: testing.length, documents: pages.nodes.length, methods: methods.length },
  };
}
