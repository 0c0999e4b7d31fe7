import type { ClassFacts, DocumentFacts, FileFacts, FunctionFacts } from '../facts/file-facts.js';
import type { IndexedFile } from '../indexing/indexed-file.js';
import type { FileLinks, Place } from './file-links.js';
import { definitionId, fileId, packageId } from './graph-ids.js';
import type { ClassNode, DocPageNode, FileNode, FileSlice, FunctionNode, GraphEdge, GraphNode, NodeTable } from './graph-rows.js';
import { folderOf } from './folder-of.js';

/** The rows that one file gives: a pure function of its facts, of what they mean among the others, and of its package's name. */
export function fileRows(scope: string, file: IndexedFile, found: FileLinks, packageName: string): FileSlice {
  const rows = new FileRows(scope, file, found, packageName);
  return { path: file.path, blob: file.blob, nodes: [rows.fileNode(), ...rows.definitions()], edges: rows.edges() };
}

class FileRows {
  private readonly id: string;
  private readonly classKeys: ReadonlyMap<string, string>;
  private readonly methods = new Map<string, string[]>();

  constructor(private readonly scope: string, private readonly file: IndexedFile, private readonly found: FileLinks, private readonly packageName: string) {
    this.id = fileId(scope, file.path);
    const classes = file.facts.status === 'source' ? file.facts.classes : [];
    // Of several classes of one name the first; a Map keeps the last.
    this.classKeys = new Map([...classes].reverse().map(({ qualifiedName, key }) => [qualifiedName, key]));
    for (const { kind, parent, name } of file.facts.status === 'source' ? file.facts.functions : []) {
      if (kind !== 'method') continue;
      const known = this.methods.get(parent);
      if (known === undefined) this.methods.set(parent, [name]);
      else known.push(name);
    }
  }

  fileNode(): FileNode {
    const { path, blob, facts } = this.file;
    const lines = facts.status === 'skipped' ? 0 : facts.lines;
    return { table: 'File', id: this.id, scope: this.scope, path, blob, language: languageOf(facts), lines, status: facts.status, problem: problemOf(facts) };
  }

  definitions(): GraphNode[] {
    const { facts } = this.file;
    if (facts.status === 'document') return facts.pages.map((page) => this.docPage(page));
    if (facts.status !== 'source') return [];
    return [...facts.functions.map((one) => this.functionNode(one)), ...facts.classes.map((one) => this.classNode(one))];
  }

  edges(): GraphEdge[] {
    const { facts, path } = this.file;
    const from = this.scope;
    const own = (table: NodeTable, key: string): GraphEdge => contains('File', this.id, table, this.idOf({ path, key }));
    const edges = [contains('Package', packageId(from, folderOf(path)), 'File', this.id)];
    if (facts.status === 'document') edges.push(...facts.pages.map(({ key }) => own('DocPage', key)));
    if (facts.status === 'source') {
      edges.push(...facts.functions.map(({ key }) => own('Function', key)), ...facts.classes.map(({ key }) => own('Class', key)));
      for (const one of facts.functions) {
        const owner = this.classOf(one);
        if (owner !== '') edges.push(contains('Class', owner, 'Function', this.idOf({ path, key: one.key })));
      }
    }
    for (const [target, line] of this.found.imports) edges.push({ table: 'IMPORTS', fromTable: 'File', from: this.id, toTable: 'File', to: fileId(from, target), dependency_type: '', line });
    return [...edges, ...this.linkEdges()];
  }

  private linkEdges(): GraphEdge[] {
    const fromTable: Record<FileLinks['links'][number]['table'], NodeTable> = { DEPENDS_ON: 'Function', TESTS: 'Function', INHERITS: 'Class', DOCUMENTS: 'DocPage' };
    return this.found.links.map(({ table, fromKey, to, toTable, confidence, line }) => (
      { table, fromTable: fromTable[table], from: this.idOf({ path: this.file.path, key: fromKey }), toTable, to: this.idOf(to), dependency_type: confidence, line }));
  }

  private functionNode(one: FunctionFacts): FunctionNode {
    return {
      table: 'Function', ...this.place(one), name: one.qualifiedName, short_name: one.name, kind: one.kind, package: this.packageName,
      docstring: one.doc, parameters: one.parameters, return_type: one.returns, class: this.classOf(one), is_test: one.isTest, body_words: one.words,
    };
  }

  private classNode(one: ClassFacts): ClassNode {
    const first = this.classKeys.get(one.qualifiedName) === one.key;
    const methods = first ? this.methods.get(one.qualifiedName) ?? [] : [];
    return {
      table: 'Class', ...this.place(one), name: one.qualifiedName, short_name: one.name, kind: one.kind, package: this.packageName, docstring: one.doc,
      methods: [...new Set([...methods, ...this.found.methods.get(one.key) ?? []])], fields: one.fields.map(({ name }) => name),
    };
  }

  private docPage(page: DocumentFacts['pages'][number]): DocPageNode {
    return { table: 'DocPage', ...this.place(page), title: page.title, headings: page.headings, text: page.text };
  }

  private place({ key, startLine, endLine }: { key: string; startLine: number; endLine: number }): Pick<FunctionNode, 'id' | 'scope' | 'file_path' | 'start_line' | 'end_line'> {
    return { id: this.idOf({ path: this.file.path, key }), scope: this.scope, file_path: this.file.path, start_line: startLine, end_line: endLine };
  }

  private classOf({ key, parent, kind }: FunctionFacts): string {
    const own = kind === 'method' ? this.classKeys.get(parent) : undefined;
    const place = own === undefined ? this.found.classes.get(key) : { path: this.file.path, key: own };
    return place === undefined ? '' : this.idOf(place);
  }

  private idOf({ path, key }: Place): string {
    return path === this.file.path ? `${this.id}#${key}` : definitionId(this.scope, path, key);
  }
}

const contains = (fromTable: NodeTable, from: string, toTable: NodeTable, to: string): GraphEdge =>
  ({ table: 'CONTAINS', fromTable, from, toTable, to, dependency_type: '', line: 0 });

function languageOf(facts: FileFacts): string {
  if (facts.status === 'source') return facts.language;
  return facts.status === 'document' ? 'markdown' : facts.status === 'manifest' ? facts.kind : '';
}

function problemOf(facts: FileFacts): string {
  if (facts.status === 'skipped') return facts.reason;
  const damage = facts.status === 'source' && facts.damage.length > 0 ? [`lines that do not parse: ${facts.damage.map(({ startLine }) => startLine).join(', ')}`] : [];
  return [...damage, ...facts.status === 'manifest' || facts.cut.length === 0 ? [] : [`cut at the bounds ${facts.cut.join(', ')}`]].join('; ');
}
