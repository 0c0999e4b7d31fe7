import { isDeepStrictEqual } from 'node:util';
import { expect } from '@jest/globals';
import { type FileSlice, type GraphChange, type GraphEdge, type GraphNode, type SliceState, sliceState } from '../graph-rows.js';

const nodeKey = ({ table, id }: GraphNode): string => `${table} ${id}`;
const edgeKey = ({ table, from, to }: GraphEdge): string => `${table} ${from} -> ${to}`;

/** A store that takes nothing that a database would refuse: no row twice, no edge without its ends, nothing removed that is not there. */
export class RowStore {
  readonly slices = new Map<string, SliceState>();
  readonly nodes = new Map<string, GraphNode>();
  readonly edges = new Map<string, GraphEdge>();

  static of(slices: Iterable<FileSlice>): RowStore {
    const store = new RowStore();
    const all = [...slices];
    store.apply({ removedSlices: [], writtenSlices: all.map(sliceState), removedEdges: [], removedNodes: [], writtenNodes: all.flatMap(({ nodes }) => nodes), writtenEdges: all.flatMap(({ edges }) => edges) });
    expect([store.nodes.size, store.edges.size]).toEqual([all.flatMap(({ nodes }) => nodes).length, all.flatMap(({ edges }) => edges).length]);
    return store;
  }

  apply(change: GraphChange): void {
    const refused: unknown[] = [];
    const check = (allowed: boolean, row: unknown): unknown => allowed || refused.push(row);
    for (const path of change.removedSlices) check(this.slices.delete(path), path);
    for (const state of change.writtenSlices) {
      check(!isDeepStrictEqual(this.slices.get(state.path), state), state);
      this.slices.set(state.path, state);
    }
    for (const edge of change.removedEdges) check(isDeepStrictEqual(this.edges.get(edgeKey(edge)), edge) && this.edges.delete(edgeKey(edge)), edge);
    for (const node of change.removedNodes) check(isDeepStrictEqual(this.nodes.get(nodeKey(node)), node) && this.nodes.delete(nodeKey(node)), node);
    for (const node of change.writtenNodes) {
      check(!isDeepStrictEqual(this.nodes.get(nodeKey(node)), node), node);
      this.nodes.set(nodeKey(node), node);
    }
    for (const edge of change.writtenEdges) {
      check(!this.edges.has(edgeKey(edge)), edge);
      this.edges.set(edgeKey(edge), edge);
    }
    for (const edge of this.edges.values()) check(this.nodes.has(`${edge.fromTable} ${edge.from}`) && this.nodes.has(`${edge.toTable} ${edge.to}`), edge);
    expect(refused).toEqual([]);
    expect(new Set([...this.nodes.values()].map(({ id }) => id)).size).toBe(this.nodes.size);
  }

  /** All rows, in an order of their own. */
  rows(): string[] {
    return [...this.slices.values(), ...this.nodes.values(), ...this.edges.values()].map((row) => JSON.stringify(row)).sort();
  }
}
