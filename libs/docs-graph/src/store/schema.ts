import type { EdgeTable, GraphNode, NodeTable } from '../graph/graph-rows.js';

/** Raised whenever a table or column changes, or what is in them: a graph of another version is begun anew. */
export const schemaVersion = 3;

export type ColumnType = 'STRING' | 'INT64' | 'BOOL' | 'STRING[]';
export type Columns = Readonly<Record<string, ColumnType>>;
/** The words of bodies are for the search alone, which makes them of the facts: in the graph they would be half of its bytes. */
type ColumnsOf<Table extends NodeTable> = Readonly<Record<Exclude<keyof Extract<GraphNode, { table: Table }>, 'table' | 'body_words'>, ColumnType>>;

const place = { id: 'STRING', scope: 'STRING', file_path: 'STRING', start_line: 'INT64', end_line: 'INT64' } as const;

/** The columns of each table of nodes, in the order in which they are written. */
export const nodeColumns: { readonly [Table in NodeTable]: ColumnsOf<Table> } = {
  Repository: { id: 'STRING', scope: 'STRING', name: 'STRING', branch: 'STRING', description: 'STRING' },
  Package: { id: 'STRING', scope: 'STRING', name: 'STRING', path: 'STRING', repository: 'STRING', description: 'STRING' },
  File: { id: 'STRING', scope: 'STRING', path: 'STRING', blob: 'STRING', language: 'STRING', lines: 'INT64', status: 'STRING', problem: 'STRING' },
  Function: {
    ...place, name: 'STRING', short_name: 'STRING', kind: 'STRING', package: 'STRING', docstring: 'STRING', parameters: 'STRING', return_type: 'STRING', class: 'STRING',
    is_test: 'BOOL',
  },
  Class: { ...place, name: 'STRING', short_name: 'STRING', kind: 'STRING', package: 'STRING', docstring: 'STRING', methods: 'STRING[]', fields: 'STRING[]' },
  DocPage: { ...place, title: 'STRING', headings: 'STRING[]', text: 'STRING' },
};

/** What each kind of edge goes from and to. */
export const edgeEnds: { readonly [Table in EdgeTable]: readonly (readonly [from: NodeTable, to: NodeTable])[] } = {
  CONTAINS: [['Repository', 'Package'], ['Package', 'File'], ['File', 'Function'], ['File', 'Class'], ['File', 'DocPage'], ['Class', 'Function']],
  DEPENDS_ON: [['Function', 'Function'], ['Function', 'Class']],
  IMPORTS: [['File', 'File']],
  INHERITS: [['Class', 'Class']],
  DOCUMENTS: [['DocPage', 'Function'], ['DocPage', 'Class']],
  TESTS: [['Function', 'Function']],
};

export const edgeColumns: Columns = { dependency_type: 'STRING', line: 'INT64' };

/** Beside the graph: what was indexed, and how many rows each file must have. Written in the transaction that writes the rows. */
export const stateColumns = {
  IndexedScope: { id: 'STRING', repository: 'STRING', branch: 'STRING', commit: 'STRING' },
  Slice: { id: 'STRING', scope: 'STRING', path: 'STRING', blob: 'STRING', nodes: 'INT64', edges: 'INT64' },
} as const satisfies Readonly<Record<string, Columns>>;
export type StateTable = keyof typeof stateColumns;

export const keyedTables: Readonly<Record<NodeTable | StateTable, Columns>> = { ...nodeColumns, ...stateColumns };

const declared = (columns: Columns): string => Object.entries(columns).map(([name, type]) => `\`${name}\` ${type}`).join(', ');

export const schemaStatements: readonly string[] = [
  ...Object.entries(keyedTables).map(([table, columns]) => `CREATE NODE TABLE \`${table}\` (${declared(columns)}, PRIMARY KEY (id))`),
  ...Object.entries(edgeEnds).map(([table, ends]) => `CREATE REL TABLE \`${table}\` (${ends.map(([from, to]) => `FROM \`${from}\` TO \`${to}\``).join(', ')}, ${declared(edgeColumns)})`),
];

/**
 * Counts the rows that are there, by slice: one text per kind of row. A node belongs to its file; an edge to the file in
 * which it begins, CONTAINS to the one in which it ends. Repositories and packages are the slice without a path.
 */
export const countStatements: readonly { readonly of: 'nodes' | 'edges'; readonly text: string }[] = [
  ...Object.keys(nodeColumns).map((table) => ({ of: 'nodes' as const, text: `MATCH (n:\`${table}\`) RETURN n.scope AS scope, ${pathOf(table as NodeTable, 'n')} AS path, count(*) AS rows` })),
  ...Object.entries(edgeEnds).flatMap(([table, ends]) => ends.map(([from, to]) => {
    const [owner, ownerTable] = table === 'CONTAINS' ? ['b', to] as const : ['a', from] as const;
    return { of: 'edges' as const, text: `MATCH (a:\`${from}\`)-[e:\`${table}\`]->(b:\`${to}\`) RETURN ${owner}.scope AS scope, ${pathOf(ownerTable, owner)} AS path, count(*) AS rows` };
  })),
];

function pathOf(table: NodeTable, variable: string): string {
  if (table === 'Repository' || table === 'Package') return "''";
  return `${variable}.${table === 'File' ? 'path' : 'file_path'}`;
}
