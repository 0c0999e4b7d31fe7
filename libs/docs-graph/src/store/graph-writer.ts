import type { GraphChange } from '../graph/graph-rows.js';
import { sliceId } from './bulk-files.js';
import type { EngineConnection } from './engine-database.js';
import type { StoredScope } from './graph-store.js';
import { edgeEnds, keyedTables, nodeColumns, stateColumns } from './schema.js';
import { createEdge, deleteEdge, deleteNode, edgeRowColumns, fieldsOf, mergeNode, type Row, rowOf, type Statement } from './write-statements.js';

/** Fewer rows go one by one, by their keys; a statement for many scans the column of the keys, however few they are. */
const MANY_ROWS = 100;
/** In one statement. */
const ROWS_AT_ONCE = 2_000;

/** Makes one change. The caller has begun a transaction, and gives it up after any error. */
export async function writeChange(connection: EngineConnection, scope: string, to: StoredScope, change: GraphChange): Promise<void> {
  const writes = new Writes();
  for (const edge of change.removedEdges) writes.add(deleteEdge(edge), [edge.from, edge.to]);
  for (const { table, id } of change.removedNodes) writes.add(deleteNode(table), [id]);
  for (const path of change.removedSlices) writes.add(deleteNode('Slice'), [sliceId(scope, path)]);
  for (const node of change.writtenNodes) writes.add(mergeNode(node.table), rowOf(keyedTables[node.table], { ...node }));
  for (const edge of change.writtenEdges) writes.add(createEdge(edge), rowOf(edgeRowColumns, { ...edge }));
  for (const { path, ...state } of change.writtenSlices) writes.add(mergeNode('Slice'), rowOf(stateColumns.Slice, { id: sliceId(scope, path), scope, path, ...state }));
  writes.add(mergeNode('IndexedScope'), rowOf(stateColumns.IndexedScope, { id: scope, ...to }));
  await writes.run(connection);
}

/** Removes all of a scope: edges first, then nodes. `DETACH DELETE` would be shorter, but read again from the log it removes other edges too. */
export async function deleteScope(connection: EngineConnection, scope: string): Promise<void> {
  for (const [table, ends] of Object.entries(edgeEnds)) {
    for (const [from, to] of ends) await connection.query(`MATCH (a:\`${from}\`)-[e:\`${table}\`]->(:\`${to}\`) WHERE a.scope = $scope DELETE e`, { scope });
  }
  for (const table of [...Object.keys(nodeColumns), 'Slice']) await connection.query(`MATCH (n:\`${table}\`) WHERE n.scope = $scope DELETE n`, { scope });
  await connection.query(deleteNode('IndexedScope').one, { c0: scope });
}

/** Rows by statement, in the order in which the statements came first. */
class Writes {
  private readonly byStatement = new Map<string, { readonly statement: Statement; readonly rows: Row[] }>();

  add(statement: Statement, row: Row): void {
    const known = this.byStatement.get(statement.one);
    if (known === undefined) this.byStatement.set(statement.one, { statement, rows: [row] });
    else known.rows.push(row);
  }

  async run(connection: EngineConnection): Promise<void> {
    for (const { statement, rows } of this.byStatement.values()) {
      if (rows.length < MANY_ROWS) for (const row of rows) await connection.query(statement.one, fieldsOf(row));
      else for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) await connection.query(statement.many, { rows: rows.slice(at, at + ROWS_AT_ONCE).map(fieldsOf) });
    }
  }
}

