import { definitionId } from '../../graph/graph-ids.js';
import type { Confidence, EdgeTable, FileSlice, GraphNode, NodeTable } from '../../graph/graph-rows.js';
import { DocsReadModel } from '../read-model.js';

const scope = { repository: 'shop', branch: 'main' };

interface Sample {
  /** `path#name`; a name with a capital in front is a class, with `test` a test; in a `.md` it is a section. */
  readonly at: string;
  readonly line?: number;
  readonly docs?: string;
  readonly parameters?: string;
  readonly fields?: readonly string[];
  /** What it calls, and after `?` what it may call. */
  readonly calls?: readonly string[];
  readonly inherits?: readonly string[];
  readonly contains?: readonly string[];
  readonly documents?: readonly string[];
  readonly tests?: readonly string[];
}

const parts = (at: string): { path: string; name: string; table: NodeTable } => {
  const path = at.slice(0, at.indexOf('#'));
  const name = at.slice(path.length + 1);
  return { path, name, table: path.endsWith('.md') ? 'DocPage' : /^[A-Z]\w*$/.test(name) ? 'Class' : 'Function' };
};
export const smallId = (at: string): string => definitionId('shop@main', parts(at).path, parts(at).name);

function nodeOf({ at, line = 1, docs = '', parameters = '', fields = [] }: Sample): GraphNode {
  const { path, name, table } = parts(at);
  const place = { id: smallId(at), scope: 'shop@main', file_path: path, start_line: line, end_line: line + 2 };
  const names = { name, short_name: name.replace(/^.*\./, ''), package: '', docstring: docs };
  if (table === 'DocPage') return { table, ...place, title: name, headings: [name], text: docs };
  if (table === 'Class') return { table, ...place, ...names, kind: 'class', methods: [], fields };
  const isTest = name.startsWith('test');
  return { table: 'Function', ...place, ...names, kind: isTest ? 'test' : name.includes('.') ? 'method' : 'function', parameters, return_type: 'void', class: '', is_test: isTest, body_words: '' };
}

function sliceOf(sample: Sample): FileSlice {
  const { calls = [], inherits = [], contains = [], documents = [], tests = [], at, line = 1 } = sample;
  const edge = (table: EdgeTable, target: string, dependency_type: Confidence | '') =>
    ({ table, fromTable: parts(at).table, from: smallId(at), toTable: parts(target).table, to: smallId(target), dependency_type, line: line + 1 });
  const edges = [
    ...calls.map((target) => edge('DEPENDS_ON', target.replace('?', ''), target.startsWith('?') ? 'maybe' : 'call')),
    ...inherits.map((target) => edge('INHERITS', target, 'call')), ...contains.map((target) => edge('CONTAINS', target, '')),
    ...documents.map((target) => edge('DOCUMENTS', target, '')), ...tests.map((target) => edge('TESTS', target, 'call')),
  ];
  return { path: parts(at).path, blob: '', nodes: [nodeOf(sample)], edges };
}

/** A model of a few symbols of `shop@main`, written down as short as a test wants to read them. */
export function smallModel(...samples: readonly Sample[]): DocsReadModel {
  const model = new DocsReadModel(scope);
  model.load(samples.map(sliceOf));
  return model;
}
