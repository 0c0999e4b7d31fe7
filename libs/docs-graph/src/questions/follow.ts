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

/** From one node to the next. */
interface Step {
  readonly from: number;
  readonly line: number;
  readonly sure: boolean;
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
  constructor(private readonly graph: GraphIndex, private readonly from: readonly number[], private readonly way: Way, private readonly marks: Uint8Array) {
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
    const chosen = best.sorted();
    const steps = this.stepsTo(chosen);
    return fitting(chosen.flatMap((node) => this.describe(node, steps.get(node))), count, characters);
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

  private describe(node: number, step: Step | undefined): ReachedSymbol[] {
    const symbol = this.graph.symbol(node);
    if (symbol === undefined || step === undefined) return [];
    const caller = this.graph.symbol(this.way.direction === directions.out ? step.from : node) ?? symbol;
    const line = Math.max(1, step.line === 0 ? caller.start_line : step.line);
    return [{
      ...namedSymbol(symbol), depth: this.depth(node), confidence: this.sure(node) ? 'call' : 'maybe',
      through: this.graph.id(step.from), at: sourceLines(caller.file_path, line, line),
    }];
  }

  /**
   * The last step to each of some nodes, nearest first, on the way that is told: on a sure way if there is one, and of those
   * the first by id. Looks along edges as they go out, of which a function has few; thousands may come in.
   */
  private stepsTo(nodes: readonly number[]): ReadonlyMap<number, Step> {
    const steps = new Map<number, Step>();
    const wanted = new Set(nodes);
    const isOut = this.way.direction === directions.out;
    const deepest = this.depth(nodes.at(-1) ?? 0);
    for (const edges of this.way.tables.map((table) => this.graph.relations[table])) {
      for (const node of isOut ? this.before(deepest) : nodes) {
        for (let edge = edges.first(node, directions.out); edge !== 0; edge = edges.next(edge, directions.out)) {
          const other = edges.target(edge, directions.out);
          const [from, to] = isOut ? [node, other] : [other, node];
          if (this.depth(from) < 0 || this.depth(to) !== this.depth(from) + 1 || !wanted.has(to)) continue;
          const step = { from, line: edges.line(edge), sure: this.sure(from) && edges.sure(edge) };
          const known = steps.get(to);
          if (known === undefined || (step.sure === known.sure ? this.graph.id(from) < this.graph.id(known.from) : step.sure)) steps.set(to, step);
        }
      }
    }
    return steps;
  }

  /** All that lie nearer than `depth`, those that it began from among them. */
  private *before(depth: number): Generator<number> {
    yield* this.from;
    for (const node of this.nodes) {
      if (this.depth(node) >= depth) return;
      yield node;
    }
  }
}
