import fc from 'fast-check';
import type { EdgeTable, FileSlice, GraphChange, GraphEdge, GraphNode, NodeTable } from '../../graph/graph-rows.js';

const scope = 'r@main';
export const sampleScope = { repository: 'r', branch: 'main' };

const word = fc.constantFrom('lock', 'open', 'door', 'key', 'close', 'read');
const text = fc.array(word, { maxLength: 4 }).map((words) => words.join(' '));
const place = fc.record({ number: fc.integer({ min: 0, max: 13 }), name: word, docs: text, line: fc.integer({ min: 1, max: 20 }), test: fc.boolean(), parameters: text });

/** The first five numbers are functions, then classes, documents and a file, always: an id does not change what it is. */
const tableOf = (number: number): NodeTable => (number < 7 ? 'Function' : number < 11 ? 'Class' : number < 13 ? 'DocPage' : 'File');
const pathOf = (number: number): string => `src/${number % 3}.ts`;
const idOf = (number: number): string => (number === 13 ? `${scope}:src/0.ts` : `${scope}:${pathOf(number)}#n${number}`);

function nodeOf({ number, name, docs, line, test, parameters }: { number: number; name: string; docs: string; line: number; test: boolean; parameters: string }): GraphNode {
  const at = { id: idOf(number), scope, file_path: pathOf(number), start_line: line, end_line: line + 3 };
  const names = { name: number % 2 === 0 ? `Door.${name}` : name, short_name: name, package: '', docstring: docs };
  const table = tableOf(number);
  if (table === 'Function') return { table, ...at, ...names, kind: test ? 'test' : 'function', parameters, return_type: '', class: '', is_test: test };
  if (table === 'Class') return { table, ...at, ...names, kind: 'class', methods: [], fields: parameters.split(' ') };
  if (table === 'DocPage') return { table, ...at, title: name, headings: [name], text: docs };
  return { table: 'File', id: at.id, scope, path: 'src/0.ts', blob: docs, language: 'typescript', lines: line, status: 'source', problem: '' };
}

const fits: Readonly<Record<EdgeTable, (from: NodeTable, to: NodeTable) => boolean>> = {
  CONTAINS: (from, to) => from === 'Class' && to === 'Function',
  DEPENDS_ON: (from, to) => from === 'Function' && (to === 'Function' || to === 'Class'),
  IMPORTS: (from, to) => from === 'File' && to === 'File',
  INHERITS: (from, to) => from === 'Class' && to === 'Class',
  DOCUMENTS: (from, to) => from === 'DocPage' && (to === 'Function' || to === 'Class'),
  TESTS: (from, to) => from === 'Function' && to === 'Function',
};

/** One state of a scope: nodes and edges by what makes them the same row. */
export interface State {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly edges: ReadonlyMap<string, GraphEdge>;
}

const edge = fc.record({
  table: fc.constantFrom<EdgeTable>('CONTAINS', 'DEPENDS_ON', 'DEPENDS_ON', 'DEPENDS_ON', 'INHERITS', 'DOCUMENTS', 'TESTS'),
  from: fc.integer({ min: 0, max: 12 }), to: fc.integer({ min: 0, max: 12 }), confidence: fc.constantFrom('call' as const, 'maybe' as const), line: fc.integer({ min: 0, max: 9 }),
});

export const state: fc.Arbitrary<State> = fc.record({ nodes: fc.array(place, { maxLength: 20 }), edges: fc.array(edge, { maxLength: 60 }) }).map(({ nodes, edges }) => {
  const byId = new Map(nodes.map((one) => [idOf(one.number), nodeOf(one)]));
  const there = edges.filter(({ table, from, to }) => fits[table](tableOf(from), tableOf(to)) && byId.has(idOf(from)) && byId.has(idOf(to)));
  return { nodes: byId, edges: new Map(there.map(({ table, from, to, confidence, line }) => [`${table} ${from} ${to}`, { table, fromTable: tableOf(from), from: idOf(from), toTable: tableOf(to), to: idOf(to), dependency_type: confidence, line }])) };
});

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const missing = <T>(from: ReadonlyMap<string, T>, to: ReadonlyMap<string, T>): T[] => [...from].filter(([key]) => !to.has(key)).map(([, row]) => row);
const written = <T>(from: ReadonlyMap<string, T>, to: ReadonlyMap<string, T>): T[] => [...to].filter(([key, row]) => !same(from.get(key), row)).map(([, row]) => row);

export const changeBetween = (before: State, after: State): GraphChange => ({
  removedSlices: [], writtenSlices: [],
  removedEdges: missing(before.edges, after.edges), removedNodes: missing(before.nodes, after.nodes),
  writtenNodes: written(before.nodes, after.nodes), writtenEdges: written(before.edges, after.edges),
});

/** One slice per row, the last first: edges come before what they join. */
export const slicesOf = ({ nodes, edges }: State): FileSlice[] => [
  ...[...edges.values()].reverse().map((one) => ({ path: '', blob: '', nodes: [], edges: [one] })),
  ...[...nodes.values()].reverse().map((one) => ({ path: '', blob: '', nodes: [one], edges: [] })),
];
