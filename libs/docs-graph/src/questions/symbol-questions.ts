import { shortened } from '../facts/short-text.js';
import { classMembers, type MemberSymbol, ownMethods } from './class-members.js';
import { follow, type Way } from './follow.js';
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
  return follow(graph, whole(graph, number), { direction, tables: ['DEPENDS_ON'], depth }, (reached) => {
    const { kept, more } = reached.named(reached.nodes, questionBounds.listed, questionBounds.listCharacters);
    return { symbol: namedSymbol(symbolAt(graph, number)), symbols: kept, more: more || reached.cut };
  });
}

/** Everything that a change may break: callers of callers, classes that inherit, and the tests that come to it. */
export function impact(graph: GraphIndex, number: number, depth: number): ImpactAnswer {
  return follow(graph, whole(graph, number), { direction: directions.in, tables: ['DEPENDS_ON', 'TESTS', 'INHERITS'], depth }, (reached) => {
    const { tests, others } = parted(graph, reached.nodes);
    const named = [others, tests].map((nodes) => reached.named(nodes, questionBounds.listed, questionBounds.listCharacters));
    return {
      symbol: namedSymbol(symbolAt(graph, number)),
      callers: named[0]?.kept ?? [],
      tests: named[1]?.kept ?? [],
      counts: { callers: others.length, tests: tests.length, files: filesOf(graph, reached.nodes) },
      more: reached.cut || named.some(({ more }) => more),
    };
  });
}

/** One symbol with what stands next to it. */
export function describe(graph: GraphIndex, number: number): Description {
  const node = symbolAt(graph, number);
  const from = whole(graph, number);
  const { described, describedCharacters, documentation } = questionBounds;
  const near = (direction: Direction, tables: Way['tables'], wanted: (nodes: readonly number[]) => readonly number[]): { named: ReachedSymbol[]; count: number } =>
    follow(graph, from, { direction, tables, depth: 1 }, (reached) => {
      const nodes = wanted(reached.nodes);
      return { named: reached.named(nodes, described, describedCharacters).kept, count: nodes.length };
    });
  const callers = near(directions.in, ['DEPENDS_ON'], (nodes) => parted(graph, nodes).others);
  const tests = near(directions.in, ['DEPENDS_ON', 'TESTS'], (nodes) => parted(graph, nodes).tests);
  const documents = near(directions.in, ['DOCUMENTS'], (nodes) => nodes);
  const dependencies = near(directions.out, ['DEPENDS_ON'], (nodes) => nodes);
  const methods = node.table === 'Class' ? classMembers(graph, number).methods : [];
  return {
    symbol: namedSymbol(node),
    documentation: shortened(node.table === 'DocPage' ? node.text : node.docstring, documentation).text,
    callers: callers.named, dependencies: dependencies.named, tests: tests.named, documents: documents.named,
    methods: fitting(methods, described, describedCharacters).kept,
    counts: { callers: callers.count, dependencies: dependencies.count, tests: tests.count, documents: documents.count, methods: methods.length },
  };
}
