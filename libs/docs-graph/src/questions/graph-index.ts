import type { ClassNode, DocPageNode, EdgeTable, FileSlice, FunctionNode, GraphChange, GraphEdge, GraphNode } from '../graph/graph-rows.js';
import type { SearchDocument } from '../search/search-document.js';
import { SearchIndex } from '../search/search-index.js';
import { NameIndex } from './name-index.js';
import { groupOf, NodeColumns } from './node-columns.js';
import { Relation } from './relation.js';
import { ZeroedMarks } from './zeroed-marks.js';

/** What can be asked for: the rest of the graph only holds it. */
export type SymbolNode = FunctionNode | ClassNode | DocPageNode;

const isSymbol = (node: GraphNode): node is SymbolNode => node.table === 'Function' || node.table === 'Class' || node.table === 'DocPage';

/**
 * One scope in memory, made for being asked: nodes by number, edges by the numbers of their ends, names and words. What
 * the numbers are depends on the order in which rows came; no answer may.
 */
export class GraphIndex {
  readonly relations: Readonly<Record<EdgeTable, Relation>> = {
    CONTAINS: new Relation(), DEPENDS_ON: new Relation(), IMPORTS: new Relation(), INHERITS: new Relation(), DOCUMENTS: new Relation(), TESTS: new Relation(),
  };
  /** By qualified name and by short name, of functions and classes. */
  readonly qualifiedNames = new NameIndex();
  readonly shortNames = new NameIndex();
  readonly words = new SearchIndex();
  readonly columns = new NodeColumns();
  readonly marks = new ZeroedMarks();
  private readonly numbers = new Map<string, number>();
  /** Number 0 is nobody's. */
  private readonly ids: string[] = [''];
  private readonly nodes: (GraphNode | undefined)[] = [undefined];
  private readonly free: number[] = [];
  private changes = 0;

  /** Grows with each change: what was computed of the whole graph holds as long as this stands still. */
  get version(): number {
    return this.changes;
  }

  /** One more than the largest number of a node. */
  get capacity(): number {
    return this.nodes.length;
  }

  *all(): Generator<GraphNode> {
    for (const node of this.nodes) if (node !== undefined) yield node;
  }

  numberOf(id: string): number | undefined {
    const number = this.numbers.get(id);
    return number === undefined || this.nodes[number] === undefined ? undefined : number;
  }

  node(number: number): GraphNode | undefined {
    return this.nodes[number];
  }

  symbol(number: number): SymbolNode | undefined {
    const node = this.nodes[number];
    return node !== undefined && isSymbol(node) ? node : undefined;
  }

  id(number: number): string {
    return this.ids[number] ?? '';
  }

  load({ nodes, edges }: FileSlice): void {
    this.changes += 1;
    for (const node of nodes) this.write(node);
    for (const edge of edges) this.connect(edge);
  }

  apply({ removedEdges, removedNodes, writtenNodes, writtenEdges }: GraphChange): void {
    this.changes += 1;
    for (const edge of removedEdges) this.disconnect(edge);
    for (const { id } of removedNodes) this.remove(id);
    for (const node of writtenNodes) this.write(node);
    for (const edge of writtenEdges) this.connect(edge);
  }

  private write(node: GraphNode): void {
    const number = this.numbered(node.id);
    const before = this.nodes[number];
    if (before !== undefined) this.unname(before, number);
    this.nodes[number] = node;
    this.columns.set(number, node);
    if (!isSymbol(node)) {
      this.words.remove(node.id);
      return;
    }
    this.words.upsert(node.id, searchedAs(node), groupOf(node));
    if (node.table === 'DocPage') return;
    this.qualifiedNames.add(node.name, number);
    if (node.short_name !== node.name) this.shortNames.add(node.short_name, number);
  }

  private remove(id: string): void {
    const number = this.numbers.get(id);
    const node = number === undefined ? undefined : this.nodes[number];
    if (number === undefined || node === undefined) return;
    this.unname(node, number);
    this.words.remove(id);
    this.nodes[number] = undefined;
    this.release(number);
  }

  private unname(node: GraphNode, number: number): void {
    this.columns.clear(number, node);
    if (node.table !== 'Function' && node.table !== 'Class') return;
    this.qualifiedNames.remove(node.name, number);
    if (node.short_name !== node.name) this.shortNames.remove(node.short_name, number);
  }

  private connect({ table, from, to, dependency_type, line }: GraphEdge): void {
    this.relations[table].set(this.numbered(from), this.numbered(to), dependency_type, line);
  }

  private disconnect({ table, from, to }: GraphEdge): void {
    const [start, end] = [this.numbers.get(from), this.numbers.get(to)];
    if (start === undefined || end === undefined || !this.relations[table].delete(start, end)) return;
    this.release(start);
    this.release(end);
  }

  /** An edge may come before the node at its end: the id has its number from then on. */
  private numbered(id: string): number {
    const known = this.numbers.get(id);
    if (known !== undefined) return known;
    const number = this.free.pop() ?? this.nodes.length;
    this.numbers.set(id, number);
    this.ids[number] = id;
    this.nodes[number] = undefined;
    return number;
  }

  private release(number: number): void {
    if (this.nodes[number] !== undefined || !this.numbers.has(this.id(number))) return;
    if (Object.values(this.relations).some((relation) => relation.touches(number))) return;
    this.numbers.delete(this.id(number));
    this.ids[number] = '';
    this.free.push(number);
  }
}

/** The words by which a node is found. */
function searchedAs(node: SymbolNode): SearchDocument {
  if (node.table === 'DocPage') return { name: node.title, parent: node.headings.slice(0, -1).join(' '), docs: node.text, body: '', path: node.file_path };
  return {
    name: node.short_name,
    parent: node.name.slice(0, -node.short_name.length),
    docs: node.docstring,
    body: node.table === 'Function' ? node.body_words : node.fields.join(' '),
    path: node.file_path,
  };
}
