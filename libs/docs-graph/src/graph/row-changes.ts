import { type FileSlice, type GraphChange, type GraphEdge, type GraphNode, type SliceState, sliceState } from './graph-rows.js';

const edgeKey = ({ table, from, to }: GraphEdge): string => `${table} ${from}\n${to}`;

/** Collects what differs between slices as they were and as they are. An edge whose columns changed is removed and written. */
export class RowChanges implements GraphChange {
  readonly removedSlices: string[] = [];
  readonly writtenSlices: SliceState[] = [];
  readonly removedEdges: GraphEdge[] = [];
  readonly removedNodes: GraphNode[] = [];
  readonly writtenNodes: GraphNode[] = [];
  readonly writtenEdges: GraphEdge[] = [];

  /** One slice; undefined where there was none, or is none any more. */
  add(before: FileSlice | undefined, after: FileSlice | undefined): void {
    if (before === after) return;
    const states = [before, after].map((slice) => (slice === undefined ? [] : [sliceState(slice)]));
    difference(states[0] ?? [], states[1] ?? [], ({ path }) => path, ({ path }) => this.removedSlices.push(path), (state) => this.writtenSlices.push(state), false);
    difference(before?.nodes ?? [], after?.nodes ?? [], ({ table, id }) => `${table} ${id}`, (node) => this.removedNodes.push(node), (node) => this.writtenNodes.push(node), false);
    difference(before?.edges ?? [], after?.edges ?? [], edgeKey, (edge) => this.removedEdges.push(edge), (edge) => this.writtenEdges.push(edge), true);
  }
}

function difference<Row>(before: readonly Row[], after: readonly Row[], keyOf: (row: Row) => string, removed: (row: Row) => void, written: (row: Row) => void, replaces: boolean): void {
  const old = new Map(before.map((row) => [keyOf(row), row]));
  for (const row of after) {
    const key = keyOf(row);
    const was = old.get(key);
    old.delete(key);
    if (was !== undefined && same(was, row)) continue;
    if (was !== undefined && replaces) removed(was);
    written(row);
  }
  for (const row of old.values()) removed(row);
}

/** Rows are flat: strings, numbers, lists of strings. */
function same<Row>(a: Row, b: Row): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
