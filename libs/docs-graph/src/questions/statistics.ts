import type { Confidence, EdgeTable, FileNode } from '../graph/graph-rows.js';
import type { GraphIndex } from './graph-index.js';

export interface Statistics {
  readonly files: Readonly<Record<FileNode['status'], number>>;
  /** Files with facts, by language. */
  readonly languages: Readonly<Record<string, number>>;
  readonly functions: number;
  /** Those of the functions that are tests. */
  readonly tests: number;
  readonly classes: number;
  readonly documents: number;
  readonly packages: number;
  readonly edges: Readonly<Record<EdgeTable, number>>;
  readonly calls: Readonly<Record<Confidence, number>>;
}

/** Counts everything anew: it is asked seldom, and a count that is kept can be wrong. */
export function statistics(graph: GraphIndex): Statistics {
  const files = { source: 0, document: 0, manifest: 0, skipped: 0 };
  const languages = new Map<string, number>();
  const tables = { Function: 0, Class: 0, DocPage: 0, Package: 0, Repository: 0, File: 0 };
  let tests = 0;
  for (const node of graph.all()) {
    tables[node.table] += 1;
    if (node.table === 'Function' && node.is_test) tests += 1;
    if (node.table !== 'File') continue;
    files[node.status] += 1;
    if (node.status === 'source') languages.set(node.language, (languages.get(node.language) ?? 0) + 1);
  }
  const { CONTAINS, DEPENDS_ON, IMPORTS, INHERITS, DOCUMENTS, TESTS } = graph.relations;
  const sure = DEPENDS_ON.sureEdges();
  return {
    files,
    languages: Object.fromEntries([...languages].sort(([a], [b]) => (a < b ? -1 : 1))),
    functions: tables.Function,
    tests,
    classes: tables.Class,
    documents: tables.DocPage,
    packages: tables.Package,
    edges: { CONTAINS: CONTAINS.size, DEPENDS_ON: DEPENDS_ON.size, IMPORTS: IMPORTS.size, INHERITS: INHERITS.size, DOCUMENTS: DOCUMENTS.size, TESTS: TESTS.size },
    calls: { call: sure, maybe: DEPENDS_ON.size - sure },
  };
}
