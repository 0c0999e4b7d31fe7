import type { EdgeTable } from '../graph/graph-rows.js';
import { Best } from '../search/best.js';
import type { GraphIndex } from './graph-index.js';
import { fitting, namedSymbol, type ReachedSymbol, sourceLines } from './named-symbol.js';
import { groups } from './node-columns.js';
import { questionBounds } from './question-bounds.js';
import { type Direction, directions } from './relation.js';

export interface Way {
  readonly direction: Direction;
  readonly tables: readonly EdgeTable[];
  readonly depth: number;
}

/** What is reached on a way from some nodes, as long as `use` looks at it. */
export function follow<T>(graph: GraphIndex, from: readonly number[], way: Way, use: (reached: Reached) => T): T {
  const marks = graph.marks.take(graph.capacity);
  const reached = new Reached(graph, from, way, marks);
  try {
    return use(reached);
  } finally {
    for (const nodes of [from, reached.nodes]) for (const node of nodes) marks[node] = 0;
    graph.marks.giveBack(marks);
  }
}

/**
 * Everything that is reached from some nodes by the fewest edges, breadth first, each node once. Which of two edges is
 * seen first depends on history, so nothing here does: a node is sure when any of the shortest ways to it is.
 */
export class Reached {
  /** In order of depth, without those that it began from. */
  readonly nodes: number[] = [];
  /** A bound ended it. */
  readonly cut: boolean;

  /** `marks`, by node: 0 where it was not reached, otherwise twice one more than its depth, and 1 when the way is sure. */
  constructor(private readonly graph: GraphIndex, from: readonly number[], private readonly way: Way, private readonly marks: Uint8Array) {
    for (const node of from) this.marks[node] = 3;
    let level = from;
    let depth = 1;
    for (; depth <= way.depth && level.length > 0 && this.nodes.length < questionBounds.reached; depth += 1) level = this.spread(level, depth);
    this.cut = depth <= way.depth && level.length > 0;
  }

  depth(node: number): number {
    return ((this.marks[node] ?? 0) >> 1) - 1;
  }

  private sure(node: number): boolean {
    return ((this.marks[node] ?? 0) & 1) === 1;
  }

  /** The nodes beside these, named: nearest first, then the surest, then by id. */
  named(nodes: Iterable<number>, count: number, characters: number): { kept: ReachedSymbol[]; more: boolean } {
    const best = new Best<number>(count + 1, (a, b) => this.depth(a) - this.depth(b) || Number(this.sure(b)) - Number(this.sure(a)) || (this.graph.id(a) < this.graph.id(b) ? -1 : 1));
    for (const node of nodes) if (best.wants(node)) best.add(node);
    return fitting(best.sorted().flatMap((node) => this.describe(node)), count, characters);
  }

  private spread(level: readonly number[], depth: number): number[] {
    const next: number[] = [];
    const { columns, relations } = this.graph;
    const { direction } = this.way;
    for (const edges of this.way.tables.map((table) => relations[table])) {
      for (const node of level) {
        const sure = this.sure(node);
        for (let edge = edges.first(node, direction); edge !== 0; edge = edges.next(edge, direction)) {
          const other = edges.target(edge, direction);
          if (this.marks[other] === 0 && columns.group(other) !== groups.none) {
            this.marks[other] = (depth + 1) * 2;
            next.push(other);
          }
          if (sure && edges.sure(edge) && this.depth(other) === depth) this.marks[other] = (depth + 1) * 2 + 1;
        }
      }
    }
    for (const node of next) this.nodes.push(node);
    return next;
  }

  private describe(node: number): ReachedSymbol[] {
    const [symbol, before] = [this.graph.symbol(node), this.before(node)];
    if (symbol === undefined || before === undefined) return [];
    const caller = this.graph.symbol(this.way.direction === directions.out ? before.node : node) ?? symbol;
    const line = Math.max(1, before.line === 0 ? caller.start_line : before.line);
    return [{
      ...namedSymbol(symbol), depth: this.depth(node), confidence: this.sure(node) ? 'call' : 'maybe',
      through: this.graph.id(before.node), at: sourceLines(caller.file_path, line, line),
    }];
  }

  /** The node before this one on the way that is told: on a sure way if there is one, and of those the first by id. */
  private before(node: number): { node: number; line: number } | undefined {
    let found: { node: number; line: number; sure: boolean } | undefined;
    const back = this.way.direction === directions.out ? directions.in : directions.out;
    for (const edges of this.way.tables.map((table) => this.graph.relations[table])) {
      for (let edge = edges.first(node, back); edge !== 0; edge = edges.next(edge, back)) {
        const other = edges.target(edge, back);
        if (this.depth(other) !== this.depth(node) - 1 || this.depth(other) < 0) continue;
        const sure = this.sure(other) && edges.sure(edge);
        const better = found === undefined || (sure === found.sure ? this.graph.id(other) < this.graph.id(found.node) : sure);
        if (better) found = { node: other, line: edges.line(edge), sure };
      }
    }
    return found;
  }
}
