/**
 * The graph as rows: what the indexer makes of facts, what a store keeps, what questions are answered from. Table and column
 * names are public (users write Cypher with them). Every id is whole by itself: `repository@branch:path#Qualified.name~2`
 * (graph-ids.ts).
 */
export { type Scope, scopeId } from './graph-ids.js';

interface Node {
  readonly id: string;
  /** Of the scope that it belongs to. */
  readonly scope: string;
}

export interface RepositoryNode extends Node {
  readonly table: 'Repository';
  readonly name: string;
  readonly branch: string;
  readonly description: string;
}

/** A folder that holds a file of the graph: what a language takes for a package, module or namespace. */
export interface PackageNode extends Node {
  readonly table: 'Package';
  /** As its manifest names it (`@shop/door`, `example.com/shop`), with the path from there for folders below; else the path. */
  readonly name: string;
  /** The folder, `.` for the top. */
  readonly path: string;
  readonly repository: string;
  readonly description: string;
}

interface InFile extends Node {
  readonly file_path: string;
  readonly start_line: number;
  readonly end_line: number;
}

export interface FileNode extends Node {
  readonly table: 'File';
  readonly path: string;
  /** Git's id of the bytes. */
  readonly blob: string;
  readonly language: string;
  readonly lines: number;
  /** With what was wrong in `problem`: why it was skipped, that it has damage, a bound that cut it. */
  readonly status: 'source' | 'document' | 'manifest' | 'skipped';
  readonly problem: string;
}

export interface FunctionNode extends InFile {
  readonly table: 'Function';
  /** Qualified within its file, `Door.lock`; the last part alone is `short_name`. */
  readonly name: string;
  readonly short_name: string;
  readonly kind: 'function' | 'method' | 'test';
  readonly package: string;
  readonly docstring: string;
  readonly parameters: string;
  readonly return_type: string;
  /** Id of its class; empty for a free function. */
  readonly class: string;
  readonly is_test: boolean;
  /** The different words of its body, with a blank between. */
  readonly body_words: string;
}

export interface ClassNode extends InFile {
  readonly table: 'Class';
  readonly name: string;
  readonly short_name: string;
  readonly kind: 'class' | 'interface' | 'struct' | 'enum' | 'trait' | 'type';
  readonly package: string;
  readonly docstring: string;
  /** Short names, in the order of the file; in Go those in other files of the package follow. */
  readonly methods: readonly string[];
  readonly fields: readonly string[];
}

/** A section of a document. */
export interface DocPageNode extends InFile {
  readonly table: 'DocPage';
  readonly title: string;
  /** Titles from the document's first level down to this section's own. */
  readonly headings: readonly string[];
  readonly text: string;
}

export type GraphNode = RepositoryNode | PackageNode | FileNode | FunctionNode | ClassNode | DocPageNode;
export type NodeTable = GraphNode['table'];

/** How sure a call's target is: `call` was followed through names and imports, `maybe` is the only one of that name. */
export type Confidence = 'call' | 'maybe';

/**
 * `from` and `to` are node ids. One edge per table, from and to: several calls of one function are one edge, `line` the first.
 * CONTAINS: Repository→Package→File→Function|Class|DocPage, Class→Function. DEPENDS_ON: Function→Function|Class.
 * IMPORTS: File→File, two different ones. INHERITS: Class→Class. DOCUMENTS: DocPage→Function|Class. TESTS: Function (a test)→Function.
 */
export interface GraphEdge {
  readonly table: 'CONTAINS' | 'DEPENDS_ON' | 'IMPORTS' | 'INHERITS' | 'DOCUMENTS' | 'TESTS';
  readonly fromTable: NodeTable;
  readonly from: string;
  readonly toTable: NodeTable;
  readonly to: string;
  /** For DEPENDS_ON, INHERITS, TESTS; empty elsewhere. */
  readonly dependency_type: Confidence | '';
  /** Where in the file of `from`; 0 where no place says it. */
  readonly line: number;
}
export type EdgeTable = GraphEdge['table'];

/**
 * What one file contributes: its own node, what it defines, the edges that begin in it, and the CONTAINS edges that end in
 * it. The repository and its packages, with the edges between them, are the slice with the empty path.
 */
export interface FileSlice {
  readonly path: string;
  /** Empty for the slice of packages. */
  readonly blob: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** What a slice is expected to have; kept beside its rows, so that rows that went missing are found. */
export interface SliceState {
  readonly path: string;
  readonly blob: string;
  readonly nodes: number;
  readonly edges: number;
}

export const sliceState = ({ path, blob, nodes, edges }: FileSlice): SliceState => ({ path, blob, nodes: nodes.length, edges: edges.length });

/** From one state of a scope to the next, row by row: only what differs. Applied in the order of the fields. */
export interface GraphChange {
  /** Paths of the slices that are no more. */
  readonly removedSlices: readonly string[];
  /** New ones, and those of which the blob or a number of rows changed. */
  readonly writtenSlices: readonly SliceState[];
  readonly removedEdges: readonly GraphEdge[];
  readonly removedNodes: readonly GraphNode[];
  /** New ones, and those whose columns changed. */
  readonly writtenNodes: readonly GraphNode[];
  readonly writtenEdges: readonly GraphEdge[];
}
