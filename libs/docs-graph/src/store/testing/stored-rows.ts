import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FileSlice } from '../../graph/graph-rows.js';
import type { GraphStore } from '../graph-store.js';
import type { EngineName } from '../native-engine.js';
import { edgeColumns, edgeEnds, nodeColumns } from '../schema.js';

/** Kuzu, and the fork where its package for this platform is installed. */
export const installedEngines: readonly EngineName[] = ['kuzu', ...(isLadybugInstalled() ? ['ladybug' as const] : [])];

function isLadybugInstalled(): boolean {
  const paths = createRequire(import.meta.url).resolve.paths('@ladybugdb/core') ?? [];
  return paths.some((folder) => existsSync(`${folder}/@ladybugdb/core-${process.platform}-${process.arch}/lbugjs.node`));
}

/** Every row of the graph as text, in an order of its own; asked for as an operator would. */
export async function storedRows(store: GraphStore): Promise<string[]> {
  const rows: string[] = [];
  const ask = async (text: string, of: (row: readonly unknown[]) => unknown): Promise<void> => {
    const answer = await store.cypher(text, {}, { rows: 1_000, timeoutMs: 5_000 });
    if (answer.more) throw new RangeError('more rows than a question gives');
    rows.push(...answer.rows.map((row) => JSON.stringify(of(row))));
  };
  for (const [table, columns] of Object.entries(nodeColumns)) {
    const names = Object.keys(columns);
    await ask(`MATCH (n:\`${table}\`) RETURN ${names.map((name) => `n.\`${name}\``).join(', ')}`, (row) => [table, ...row]);
  }
  for (const [table, ends] of Object.entries(edgeEnds)) {
    for (const [from, to] of ends) await ask(`MATCH (a:\`${from}\`)-[e:\`${table}\`]->(b:\`${to}\`) RETURN a.id, b.id, ${Object.keys(edgeColumns).map((name) => `e.${name}`).join(', ')}`, (row) => [table, from, to, ...row]);
  }
  return rows.sort();
}

/** What `storedRows` must give for these slices. */
export function rowsOf(slices: readonly FileSlice[]): string[] {
  const nodes = slices.flatMap((slice) => slice.nodes).map((node) => JSON.stringify([node.table, ...Object.keys(nodeColumns[node.table]).map((name) => ({ ...node } as Record<string, unknown>)[name])]));
  const edges = slices.flatMap((slice) => slice.edges).map((edge) => JSON.stringify([edge.table, edge.fromTable, edge.toTable, edge.from, edge.to, edge.dependency_type, edge.line]));
  return [...nodes, ...edges].sort();
}
