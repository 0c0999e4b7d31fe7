import { type GraphChange, type GraphEdge, type GraphNode, type FileSlice, type Scope, scopeId, sliceState } from '../../graph/graph-rows.js';
import { RowChanges } from '../../graph/row-changes.js';

export const sampleScope: Scope = { repository: 'https://example.com/shop.git', branch: 'main' };

/** The rows of a file with a class, `functions` functions (each calls the next one, of this file or of `calls`), and a section. */
export function sampleSlice(scope: Scope, path: string, { functions = 2, text = '', calls = [] as readonly string[] } = {}): FileSlice {
  const of = scopeId(scope);
  const file = `${of}:${path}`;
  const place = { scope: of, file_path: path, start_line: 1, end_line: 9 };
  const ids = Array.from({ length: functions }, (_, index) => `${file}#f${index}`);
  const nodes: GraphNode[] = [
    { table: 'File', id: file, scope: of, path, blob: `blob-${functions}-${text.length}`, language: 'typescript', lines: 9, status: 'source', problem: '' },
    { table: 'Class', ...place, id: `${file}#C`, name: 'C', short_name: 'C', kind: 'class', package: '.', docstring: text, methods: ids.map((_, index) => `f${index}`), fields: [] },
    { table: 'DocPage', ...place, id: `${file}#doc`, title: 'Doc', headings: ['Shop, "the" best', 'Doc'], text },
    ...ids.map((id, index): GraphNode => ({
      table: 'Function', ...place, id, name: `C.f${index}`, short_name: `f${index}`, kind: 'method', package: '.', docstring: `${text} ${index}`, parameters: '(a: string, b = "x")', return_type: '', class: `${file}#C`, is_test: index === 0, body_words: '',
    })),
  ];
  const edge = (table: GraphEdge['table'], fromTable: GraphEdge['fromTable'], from: string, toTable: GraphEdge['toTable'], to: string, line = 0): GraphEdge =>
    ({ table, fromTable, from, toTable, to, dependency_type: line === 0 ? '' : 'call', line });
  const edges: GraphEdge[] = [
    edge('CONTAINS', 'Package', `${of}:/`, 'File', file), edge('CONTAINS', 'File', file, 'Class', `${file}#C`), edge('CONTAINS', 'File', file, 'DocPage', `${file}#doc`),
    edge('DOCUMENTS', 'DocPage', `${file}#doc`, 'Class', `${file}#C`),
    ...ids.flatMap((id) => [edge('CONTAINS', 'File', file, 'Function', id), edge('CONTAINS', 'Class', `${file}#C`, 'Function', id)]),
    ...ids.slice(1).map((id, index) => edge('DEPENDS_ON', 'Function', ids[index]!, 'Function', id, index + 3)),
    ...(functions === 0 ? [] : calls.map((id, index) => edge('DEPENDS_ON', 'Function', ids[0]!, 'Function', id, index + 5))),
  ];
  return { path, blob: `blob-${functions}-${text.length}`, nodes, edges };
}

/** The slice without a path: the repository and its one package. */
export function packagesSlice(scope: Scope): FileSlice {
  const of = scopeId(scope);
  return {
    path: '', blob: '',
    nodes: [
      { table: 'Repository', id: of, scope: of, name: 'shop', branch: scope.branch, description: '' },
      { table: 'Package', id: `${of}:/`, scope: of, name: 'shop', path: '.', repository: scope.repository, description: '' },
    ],
    edges: [{ table: 'CONTAINS', fromTable: 'Repository', from: of, toTable: 'Package', to: `${of}:/`, dependency_type: '', line: 0 }],
  };
}

/** From some slices to others, as the indexer would say it. */
export function changeOf(before: readonly FileSlice[], after: readonly FileSlice[]): GraphChange {
  const changes = new RowChanges();
  const [old, now] = [before, after].map((slices) => new Map(slices.map((slice) => [slice.path, slice])));
  for (const path of new Set([...old!.keys(), ...now!.keys()])) changes.add(old!.get(path), now!.get(path));
  return changes;
}

export const expectedFiles = (slices: readonly FileSlice[]): unknown[] => slices.filter(({ path }) => path !== '').map((slice) => ({ path: slice.path, blob: sliceState(slice).blob })).sort((a, b) => (a.path < b.path ? -1 : 1));
