import type { EdgeTable, GraphEdge, NodeTable } from '../graph/graph-rows.js';
import { type Columns, type ColumnType, edgeColumns, keyedTables, type StateTable } from './schema.js';

type Value = string | number | boolean;
export type Row = readonly Value[];

/** Ends each element of a list: lists reach the engine as one text, because the type of a bare list goes by its first element. */
export const LIST_SEPARATOR = '\u001f';

/** A row in the order of its columns, as an engine takes it: no lone surrogates, no NUL, no nulls. */
export function rowOf(columns: Columns, values: Readonly<Record<string, unknown>>): Row {
  return Object.entries(columns).map(([name, type]) => engineValue(type, values[name]));
}

/** One value of a row, as an engine takes it. */
export function engineValue(type: ColumnType, value: unknown): Value {
  if (type === 'INT64') return Number(value);
  if (type === 'BOOL') return value === true;
  if (type === 'STRING') return engineText(String(value));
  return (value as readonly string[]).map((element) => engineText(element).replaceAll(LIST_SEPARATOR, ' ')).filter((element) => element !== '').map((element) => element + LIST_SEPARATOR).join('');
}

/** A text without any of these needs no mending; asked first, because there are millions. */
const unsound = /[\0\ud800-\udfff]/;
const engineText = (text: string): string => (unsound.test(text) ? text.toWellFormed().replaceAll('\0', '\uFFFD') : text);

/** How a value of a column is written when `named` holds what the engine was given for it. */
export const valueOf = (type: ColumnType, named: string): string => (type === 'STRING[]' ? `string_split(${named}, '${LIST_SEPARATOR}')[:-2]` : named);

/** A statement for one row: `$c0`, `$c1`, …; or for many: `$rows`, structs with those fields. */
export interface Statement {
  readonly one: string;
  readonly many: string;
}

const edgeKey: Columns = { from: 'STRING', to: 'STRING' };
export const edgeRowColumns: Columns = { ...edgeKey, ...edgeColumns };

export function mergeNode(table: NodeTable | StateTable): Statement {
  const columns = keyedTables[table];
  return forms(columns, (names) => {
    const [id, ...rest] = Object.entries(columns).map(([name, type], index) => [name, valueOf(type, names[index]!)] as const);
    return `MERGE (n:\`${table}\` {id: ${id![1]}}) SET ${rest.map(([name, value]) => `n.\`${name}\` = ${value}`).join(', ')}`;
  });
}

/** Its edges are removed before: a node that still has one is refused. (Not `DETACH`: see deleteScope.) */
export const deleteNode = (table: NodeTable | StateTable): Statement => forms({ id: 'STRING' }, ([id]) => `MATCH (n:\`${table}\` {id: ${id}}) DELETE n`);

export function createEdge({ table, fromTable, toTable }: Pick<GraphEdge, 'table' | 'fromTable' | 'toTable'>): Statement {
  const set = (names: readonly string[]): string => Object.keys(edgeColumns).map((name, index) => `\`${name}\`: ${names[index + 2]}`).join(', ');
  // One end after the other: with both in one MATCH the engine makes a product of the tables.
  return forms(edgeRowColumns, (names, carry) => `MATCH (a:\`${fromTable}\` {id: ${names[0]}}) WITH ${['a', ...carry].join(', ')} MATCH (b:\`${toTable}\` {id: ${names[1]}}) CREATE (a)-[:\`${table}\` {${set(names)}}]->(b)`);
}

export const deleteEdge = ({ table, fromTable, toTable }: { table: EdgeTable; fromTable: NodeTable; toTable: NodeTable }): Statement =>
  forms(edgeKey, ([from, to]) => `MATCH (a:\`${fromTable}\` {id: ${from}})-[e:\`${table}\`]->(b:\`${toTable}\`) WHERE b.id = ${to} DELETE e`);

/** The types must be said: untyped fields of `$rows` make the engine scan the table once for each row. */
function forms(columns: Columns, statement: (names: readonly string[], carry: readonly string[]) => string): Statement {
  const types = Object.values(columns).map((type) => (type === 'STRING[]' ? 'STRING' : type));
  const names = types.map((_, index) => `c${index}`);
  const struct = types.map((type, index) => `${names[index]} ${type}`).join(', ');
  const fields = names.map((name) => `r.${name} AS ${name}`).join(', ');
  return {
    one: statement(names.map((name) => `$${name}`), []),
    many: `UNWIND cast($rows, 'STRUCT(${struct})[]') AS r WITH ${fields} ${statement(names, names)}`,
  };
}

export const fieldsOf = (row: Row): Record<string, Value> => Object.fromEntries(row.map((value, index) => [`c${index}`, value]));
