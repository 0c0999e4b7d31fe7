import fc from 'fast-check';
import type { EdgeTable, FileSlice, GraphChange, GraphEdge, GraphNode, NodeTable } from '../../graph/graph-rows.js';

const scope = 'r@main';
export const sampleScope = { repository: 'r', branch: 'main' };

const word = fc.constantFrom('lock', 'open', 'door', 'key', 'close', 'read');
const text = fc.array(word, { maxLength: 4 }).map((words) => words.join(' '));
const place = fc.record({ number: fc.integer({ min: 0, max: 13 }), name: word, docs: text, line: fc.integer({ min: 1, max: 20 }), test: fc.boolean(), parameters: text });

/** Functions, then classes, documents and a file, always: an id does not change what it is. */
const tableOf = (number: number): NodeTable => (number < 7 ? 'Function' : number < 11 ? 'Class' : number < 13 ? 'DocPage' : 'File');
const pathOf = (number: number): string => `src/${number % 3}.ts`;
const idOf = (number: number): string => (number === 13 ? `${scope}:src/0.ts` : `${scope}:${pathOf(number)}#n${number}`);

function nodeOf({ number, name, docs, line, test, parameters }: { number: number; name: string; docs: string; line: number; test: boolean; parameters: string }): GraphNode {
  const at = { id: idOf(number), scope, file_path: pathOf(number), start_line: line, end_line: line + 3 };
  const names = { name: number % 2 === 0 ? `Door.${name}` : name, short_name: name, package: '', docstring: docs };
  const table = tableOf(number);
  if (table === 'Function') return { table, ...at, ...names, kind: test ? 'test' : 'function', parameters, return_type: '', class: '', is_test: test, body_words: '' };
  if (table === 'Class') return { table, ...at, ...names, kind: 'class', methods: [], fields: parameters.split(' ') };
  if (table === 'DocPage') return { table, ...at, title: name, headings: [name], text: docs };
  return { table: 'File', id: at.id, scope, path: 'src/0.ts', blob: docs, language: 'typescript', lines: line, status: 'source', problem: '' };
}

const functions = [0, 1, 2, 3, 4, 5, 6];
const classes = [7, 8, 9, 10];
const ends: Readonly<Record<Exclude<EdgeTable, 'IMPORTS'>, readonly [readonly number[], readonly number[]]>> = {
  CONTAINS: [classes, functions], DEPENDS_ON: [functions, [...functions, ...classes]], INHERITS: [classes, classes], DOCUMENTS: [[11, 12], [...functions, ...classes]], TESTS: [functions, functions],
};

/** One state of a scope: nodes and edges by what makes them the same row. */
export interface State {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly edges: ReadonlyMap<string, GraphEdge>;
}

const edge = fc.constantFrom('CONTAINS' as const, 'DEPENDS_ON' as const, 'DEPENDS_ON' as const, 'INHERITS' as const, 'DOCUMENTS' as const, 'TESTS' as const).chain((table) => fc.record({
  table: fc.constant(table), from: fc.constantFrom(...ends[table][0]), to: fc.constantFrom(...ends[table][1]), confidence: fc.constantFrom('call' as const, 'maybe' as const), line: fc.integer({ min: 0, max: 9 }),
}));

export const state: fc.Arbitrary<State> = fc.record({ nodes: fc.array(place, { maxLength: 30, size: 'max' }), edges: fc.array(edge, { maxLength: 40, size: 'max' }) }).map(({ nodes, edges }) => {
  const byId = new Map(nodes.map((one) => [idOf(one.number), nodeOf(one)]));
  const there = edges.filter(({ from, to }) => byId.has(idOf(from)) && byId.has(idOf(to)));
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
