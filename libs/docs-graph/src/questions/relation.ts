import type { Confidence } from '../graph/graph-rows.js';

const fields = ['froms', 'tos', 'marks', 'afterOut', 'afterIn'] as const;

const grown = (old: Int32Array, atLeast: number): Int32Array<ArrayBuffer> => {
  const made = new Int32Array(Math.max(16, atLeast, old.length * 2));
  made.set(old);
  return made;
};

/**
 * The edges of one table between numbered nodes, both ways: five numbers per edge in arrays that grow together, each node's
 * edges chained through them. 300,000 edges take 6 MB, and following them makes no garbage. Edge 0 stands for none.
 */
export class Relation {
  private froms = new Int32Array(16);
  private tos = new Int32Array(16);
  /** Line of the edge and its confidence in one number. */
  private marks = new Int32Array(16);
  private afterOut = new Int32Array(16);
  private afterIn = new Int32Array(16);
  private outs = new Int32Array(16);
  private ins = new Int32Array(16);
  private next = 1;
  /** First of the edges that were removed, chained like a node's. */
  private free = 0;
  private counted = 0;

  get size(): number {
    return this.counted;
  }

  /** The first edge that begins at a node, and the one after an edge: 0 at the end. */
  firstOut(from: number): number {
    return this.outs[from] ?? 0;
  }

  nextOut(edge: number): number {
    return this.afterOut[edge] ?? 0;
  }

  firstIn(to: number): number {
    return this.ins[to] ?? 0;
  }

  nextIn(edge: number): number {
    return this.afterIn[edge] ?? 0;
  }

  from(edge: number): number {
    return this.froms[edge] ?? 0;
  }

  to(edge: number): number {
    return this.tos[edge] ?? 0;
  }

  line(edge: number): number {
    return (this.marks[edge] ?? 0) >> 1;
  }

  /** Whether the edge is certain: only a `maybe` is not. */
  sure(edge: number): boolean {
    return ((this.marks[edge] ?? 0) & 1) === 1;
  }

  /** How many edges are certain. */
  sureEdges(): number {
    let sure = 0;
    for (let edge = 1; edge < this.next; edge += 1) if (this.froms[edge] !== 0 && this.sure(edge)) sure += 1;
    return sure;
  }

  touches(node: number): boolean {
    return this.firstOut(node) !== 0 || this.firstIn(node) !== 0;
  }

  /** Adds the edge, or writes the columns of the one that is there. */
  set(from: number, to: number, confidence: Confidence | '', line: number): void {
    const mark = line * 2 + (confidence === 'maybe' ? 0 : 1);
    const known = this.find(from, to);
    if (known !== 0) {
      this.marks[known] = mark;
      return;
    }
    const edge = this.place();
    this.reach(Math.max(from, to));
    this.froms[edge] = from;
    this.tos[edge] = to;
    this.marks[edge] = mark;
    this.afterOut[edge] = this.firstOut(from);
    this.afterIn[edge] = this.firstIn(to);
    this.outs[from] = edge;
    this.ins[to] = edge;
    this.counted += 1;
  }

  /** Whether there was such an edge. */
  delete(from: number, to: number): boolean {
    const edge = this.find(from, to);
    if (edge === 0) return false;
    unchain(this.outs, from, this.afterOut, edge);
    unchain(this.ins, to, this.afterIn, edge);
    this.froms[edge] = 0;
    this.tos[edge] = 0;
    this.afterOut[edge] = this.free;
    this.free = edge;
    this.counted -= 1;
    return true;
  }

  /** Looks along both chains in turn: one of them may be as long as the graph. */
  private find(from: number, to: number): number {
    let [out, into] = [this.firstOut(from), this.firstIn(to)];
    while (out !== 0 && into !== 0) {
      if (this.tos[out] === to) return out;
      if (this.froms[into] === from) return into;
      [out, into] = [this.nextOut(out), this.nextIn(into)];
    }
    return 0;
  }

  private place(): number {
    if (this.free !== 0) {
      const edge = this.free;
      this.free = this.nextOut(edge);
      return edge;
    }
    if (this.next === this.froms.length) for (const field of fields) this[field] = grown(this[field], 0);
    this.next += 1;
    return this.next - 1;
  }

  private reach(node: number): void {
    if (node < this.outs.length) return;
    this.outs = grown(this.outs, node + 1);
    this.ins = grown(this.ins, node + 1);
  }
}

function unchain(heads: Int32Array, node: number, after: Int32Array, edge: number): void {
  const following = after[edge] ?? 0;
  if (heads[node] === edge) {
    heads[node] = following;
    return;
  }
  let before = heads[node] ?? 0;
  while (after[before] !== edge) before = after[before] ?? 0;
  after[before] = following;
}
