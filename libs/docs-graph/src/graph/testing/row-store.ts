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
    for (const path of change.removedSlices) expect([path, this.slices.delete(path)]).toEqual([path, true]);
    for (const state of change.writtenSlices) {
      expect(this.slices.get(state.path)).not.toEqual(state);
      this.slices.set(state.path, state);
    }
    for (const edge of change.removedEdges) this.take(this.edges, edgeKey(edge), edge);
    for (const node of change.removedNodes) this.take(this.nodes, nodeKey(node), node);
    for (const node of change.writtenNodes) {
      expect(this.nodes.get(nodeKey(node))).not.toEqual(node);
      this.nodes.set(nodeKey(node), node);
    }
    for (const edge of change.writtenEdges) {
      expect([edge, this.edges.has(edgeKey(edge))]).toEqual([edge, false]);
      this.edges.set(edgeKey(edge), edge);
    }
    const loose = [...this.edges.values()].filter((edge) => !this.nodes.has(`${edge.fromTable} ${edge.from}`) || !this.nodes.has(`${edge.toTable} ${edge.to}`));
    expect(loose).toEqual([]);
    expect(new Set([...this.nodes.values()].map(({ id }) => id)).size).toBe(this.nodes.size);
  }

  /** All rows, in an order of their own. */
  rows(): string[] {
    return [...this.slices.values(), ...this.nodes.values(), ...this.edges.values()].map((row) => JSON.stringify(row)).sort();
  }

  private take<Row>(from: Map<string, Row>, key: string, row: Row): void {
    expect(from.get(key)).toEqual(row);
    from.delete(key);
  }
}
