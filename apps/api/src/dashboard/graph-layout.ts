export interface GraphNode {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

export interface PlacedNode {
  readonly id: string;
  readonly column: number;
  readonly row: number;
}

export interface GraphLayout {
  readonly nodes: readonly PlacedNode[];
  /** From what is done first to what needs it; only between nodes that are there. */
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  readonly columns: number;
  readonly rows: number;
}

const SWEEPS = 4;

/**
 * Columns from left to right, each node right of all it depends on; within a column nodes stand near what they depend on,
 * so that few edges cross. A dependency that closes a circle is left out: no node would ever be first.
 */
export function layOutGraph(given: readonly GraphNode[]): GraphLayout {
  const dependencies = acyclic(given);
  const columnOf = new Map<string, number>();
  const column = (id: string): number => {
    const known = columnOf.get(id);
    if (known !== undefined) return known;
    const found = Math.max(-1, ...dependencies.get(id)!.map(column)) + 1;
    columnOf.set(id, found);
    return found;
  };
  const columns: string[][] = [];
  for (const id of dependencies.keys()) (columns[column(id)] ??= []).push(id);
  const edges = reduced(dependencies);
  order(columns, edges);
  return { nodes: columns.flatMap((ids, at) => ids.map((id, row) => ({ id, column: at, row }))), edges, columns: columns.length, rows: Math.max(0, ...columns.map(({ length }) => length)) };
}

/** What each node depends on, of what is there, without circles. */
function acyclic(given: readonly GraphNode[]): Map<string, string[]> {
  const wanted = new Map(given.map(({ id, dependsOn }) => [id, [...new Set(dependsOn)]]));
  const found = new Map<string, string[]>();
  const visit = (id: string, path: ReadonlySet<string>): void => {
    if (found.has(id)) return;
    const here = new Set([...path, id]);
    const kept = wanted.get(id)!.filter((other) => wanted.has(other) && !here.has(other));
    for (const other of kept) visit(other, here);
    found.set(id, kept);
  };
  for (const id of wanted.keys()) visit(id, new Set());
  return found;
}

/** Edges without those that only say what a longer way says too. */
function reduced(dependencies: ReadonlyMap<string, readonly string[]>): { from: string; to: string }[] {
  const all = new Map<string, Set<string>>();
  const ancestors = (id: string): Set<string> => {
    const known = all.get(id);
    if (known !== undefined) return known;
    const found = new Set(dependencies.get(id)!.flatMap((other) => [other, ...ancestors(other)]));
    all.set(id, found);
    return found;
  };
  return [...dependencies].flatMap(([to, froms]) => froms.filter((from) => froms.every((other) => other === from || !ancestors(other).has(from))).map((from) => ({ from, to })));
}

/** Moves nodes within their columns towards the middle of their neighbours, there and back. */
function order(columns: string[][], edges: readonly { from: string; to: string }[]): void {
  const before = new Map<string, string[]>();
  const after = new Map<string, string[]>();
  for (const { from, to } of edges) {
    before.set(to, [...before.get(to) ?? [], from]);
    after.set(from, [...after.get(from) ?? [], to]);
  }
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const neighbours = sweep % 2 === 0 ? before : after;
    const place = new Map(columns.flatMap((ids) => ids.map((id, row) => [id, row] as const)));
    for (const ids of columns) {
      const middle = new Map(ids.map((id, row) => {
        const near = (neighbours.get(id) ?? []).map((other) => place.get(other)!);
        return [id, near.length === 0 ? row : near.reduce((sum, at) => sum + at, 0) / near.length];
      }));
      ids.sort((a, b) => middle.get(a)! - middle.get(b)!);
    }
  }
}
