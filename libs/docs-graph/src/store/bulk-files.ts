import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { type FileSlice, type GraphEdge, scopeId, sliceState } from '../graph/graph-rows.js';
import type { StoredScope } from './graph-store.js';
import { type Columns, type ColumnType, edgeEnds, keyedTables } from './schema.js';
import { edgeRowColumns, engineValue, valueOf } from './write-statements.js';

/** Written at once, so that a graph never lies in memory as text. */
const CHUNK_CHARACTERS = 2 ** 20;

/** No text of ours: by default an empty text would be read as null. */
const csv = `HEADER=false, DELIM=',', QUOTE='"', ESCAPE='"', PARALLEL=false, NULL_STRINGS=['\u0001null\u0001']`;

const edgeFile = ({ table, fromTable, toTable }: Pick<GraphEdge, 'table' | 'fromTable' | 'toTable'>): string => `${table}.${fromTable}.${toTable}.csv`;
const nodeFile = (table: string): string => `${table}.csv`;

/**
 * What the engine is to load from the bulk files, nodes before the edges between them; the files are in its working
 * directory. CSV and not JSON, because of the two engines only one reads JSON without an extension from the network.
 */
export const copyStatements: readonly { readonly file: string; readonly text: string }[] = [
  ...Object.entries(keyedTables).map(([table, columns]) => {
    const names = Object.entries(columns).map(([name, type]) => ({ name, type, file: type === 'STRING[]' ? 'STRING' : type }));
    const read = names.map(({ file }, index) => `c${index} ${file}`).join(', ');
    const given = names.map(({ type }, index) => valueOf(type, `c${index}`)).join(', ');
    return { file: nodeFile(table), text: `COPY \`${table}\` FROM (LOAD WITH HEADERS (${read}) FROM '${nodeFile(table)}' (${csv}) RETURN ${given})` };
  }),
  ...Object.entries(edgeEnds).flatMap(([table, ends]) => ends.map(([fromTable, toTable]) => {
    const file = edgeFile({ table: table as GraphEdge['table'], fromTable, toTable });
    return { file, text: `COPY \`${table}\` FROM '${file}' (FROM='${fromTable}', TO='${toTable}', ${csv})` };
  })),
];

/** Writes whole scopes as files, one per table, for the engine to load in bulk. */
export async function writeBulkFiles(folder: string, scopes: Iterable<StoredScope & { readonly slices: Iterable<FileSlice> }>): Promise<void> {
  const files = new TableFiles(folder);
  try {
    for (const { repository, branch, commit, slices } of scopes) {
      const scope = scopeId({ repository, branch });
      files.add(nodeFile('IndexedScope'), keyedTables.IndexedScope, { id: scope, repository, branch, commit });
      for (const slice of slices) {
        const { path: slicePath, ...state } = sliceState(slice);
        files.add(nodeFile('Slice'), keyedTables.Slice, { id: sliceId(scope, slicePath), scope, path: slicePath, ...state });
        for (const node of slice.nodes) files.add(nodeFile(node.table), keyedTables[node.table], node);
        for (const edge of slice.edges) files.add(edgeFile(edge), edgeRowColumns, edge);
        await files.writeFull();
      }
    }
    await files.flush();
  } finally {
    await files.close();
  }
}

export const sliceId = (scope: string, slicePath: string): string => `${scope}:${slicePath}`;

interface TableFile {
  readonly name: string;
  readonly columns: readonly (readonly [name: string, type: ColumnType])[];
  handle: FileHandle | undefined;
  lines: string[];
  characters: number;
}

/** Takes rows at once, because there are very many; what has become long is written between slices. */
class TableFiles {
  private readonly files = new Map<string, TableFile>();
  private readonly full = new Set<TableFile>();

  constructor(private readonly folder: string) {}

  add(name: string, columns: Columns, row: object): void {
    let file = this.files.get(name);
    if (file === undefined) this.files.set(name, file = { name, columns: Object.entries(columns), handle: undefined, lines: [], characters: 0 });
    const line = lineOf(file.columns, row as Readonly<Record<string, unknown>>);
    file.lines.push(line);
    file.characters += line.length;
    if (file.characters > CHUNK_CHARACTERS) this.full.add(file);
  }

  async writeFull(): Promise<void> {
    if (this.full.size === 0) return;
    for (const file of this.full) await this.write(file);
    this.full.clear();
  }

  async flush(): Promise<void> {
    for (const file of this.files.values()) await this.write(file);
  }

  async close(): Promise<void> {
    for (const { handle } of this.files.values()) await handle?.close();
  }

  private async write(file: TableFile): Promise<void> {
    const text = file.lines.join('');
    file.lines = [];
    file.characters = 0;
    file.handle ??= await open(path.join(this.folder, file.name), 'w');
    await file.handle.writeFile(text);
  }
}

function lineOf(columns: TableFile['columns'], row: Readonly<Record<string, unknown>>): string {
  let line = '';
  for (const [name, type] of columns) {
    const value = engineValue(type, row[name]);
    line += `${line === '' ? '' : ','}${typeof value === 'string' ? `"${value.includes('"') ? value.replaceAll('"', '""') : value}"` : value}`;
  }
  return `${line}\n`;
}
