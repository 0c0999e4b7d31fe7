import type { Confidence } from '../graph/graph-rows.js';

/** Along edges or against them; also the place of what belongs to the direction in an edge's cells. */
export const directions = { out: 0, in: 1 } as const;
export type Direction = (typeof directions)[keyof typeof directions];

/** Cells of an edge: from, to, the next edge out of `from`, the next into `to`, line and confidence in one number. */
const width = 5;
const ends = 0;
const chains = 2;
const mark = 4;

/**
 * The edges of one table between numbered nodes, both ways: five numbers per edge side by side in one array, each node's
 * edges chained through them. 300,000 edges take 6 MB, following them makes no garbage and touches each edge's memory
 * once. An edge is named by the place of its first cell; 0 stands for none.
 */
export class Relation {
  private cells = new Int32Array(16 * width);
  /** By direction and node, its first edge. */
  private readonly firsts: [Int32Array, Int32Array] = [new Int32Array(16), new Int32Array(16)];
  private end = width;
  /** First of the places that are free again, chained like edges going out. */
  private free = 0;
  private counted = 0;

  get size(): number {
    return this.counted;
  }

  /** The first edge of a node in a direction, and the one after an edge; 0 at the end. */
  first(node: number, direction: Direction): number {
    return this.firsts[direction][node] ?? 0;
  }

  next(edge: number, direction: Direction): number {
    return this.cells[edge + chains + direction] ?? 0;
  }

  /** The node to which an edge leads in a direction. */
  target(edge: number, direction: Direction): number {
    return this.cells[edge + ends + 1 - direction] ?? 0;
  }

  line(edge: number): number {
    return (this.cells[edge + mark] ?? 0) >> 1;
  }

  /** Whether the edge is certain: only a `maybe` is not. */
  sure(edge: number): boolean {
    return ((this.cells[edge + mark] ?? 0) & 1) === 1;
  }

  /** How many edges are certain. */
  sureEdges(): number {
    let sure = 0;
    for (let edge = width; edge < this.end; edge += width) if (this.cells[edge] !== 0 && this.sure(edge)) sure += 1;
    return sure;
  }

  touches(node: number): boolean {
    return this.first(node, directions.out) !== 0 || this.first(node, directions.in) !== 0;
  }

  /** Adds the edge, or writes the columns of the one that is there. */
  set(from: number, to: number, confidence: Confidence | '', line: number): void {
    const marked = line * 2 + (confidence === 'maybe' ? 0 : 1);
    const known = this.find(from, to);
    if (known !== 0) {
      this.cells[known + mark] = marked;
      return;
    }
    const edge = this.place();
    this.reach(Math.max(from, to));
    this.cells.set([from, to, this.first(from, directions.out), this.first(to, directions.in), marked], edge);
    this.firsts[directions.out][from] = edge;
    this.firsts[directions.in][to] = edge;
    this.counted += 1;
  }

  /** Whether there was such an edge. */
  delete(from: number, to: number): boolean {
    const edge = this.find(from, to);
    if (edge === 0) return false;
    this.unchain(edge, from, directions.out);
    this.unchain(edge, to, directions.in);
    this.cells.set([0, 0, this.free, 0, 0], edge);
    this.free = edge;
    this.counted -= 1;
    return true;
  }

  /** Looks along both chains in turn: one of them may be as long as the graph. */
  private find(from: number, to: number): number {
    let [out, into] = [this.first(from, directions.out), this.first(to, directions.in)];
    while (out !== 0 && into !== 0) {
      if (this.target(out, directions.out) === to) return out;
      if (this.target(into, directions.in) === from) return into;
      [out, into] = [this.next(out, directions.out), this.next(into, directions.in)];
    }
    return 0;
  }

  private unchain(edge: number, node: number, direction: Direction): void {
    const following = this.next(edge, direction);
    let before = this.first(node, direction);
    if (before === edge) {
      this.firsts[direction][node] = following;
      return;
    }
    while (this.next(before, direction) !== edge) before = this.next(before, direction);
    this.cells[before + chains + direction] = following;
  }

  private place(): number {
    if (this.free !== 0) {
      const edge = this.free;
      this.free = this.next(edge, directions.out);
      return edge;
    }
    if (this.end === this.cells.length) this.cells = grown(this.cells, this.end * 2);
    this.end += width;
    return this.end - width;
  }

  private reach(node: number): void {
    for (const direction of Object.values(directions)) {
      const firsts = this.firsts[direction];
      if (node >= firsts.length) this.firsts[direction] = grown(firsts, node * 2);
    }
  }
}

function grown(old: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const made = new Int32Array(length);
  made.set(old);
  return made;
}
