import { type Confidence, type FileSlice, type GraphEdge, type GraphNode, type Scope, scopeId } from '../../graph/graph-rows.js';

/** Numbers that look random and are the same for a seed (mulberry32, Tommy Ettinger's public-domain generator). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const syllables = ['ba', 'cor', 'de', 'fin', 'ga', 'hol', 'in', 'jar', 'ka', 'lem', 'mo', 'nur', 'op', 'pel', 'qui', 'ras', 'se', 'tor', 'ul', 'ver', 'wi', 'xen', 'yo', 'zet'];

export interface SyntheticSize {
  readonly functions: number;
  readonly callsPerFunction: number;
  readonly vocabulary: number;
}

/** A scope of any size whose words and calls are spread as in code: few words and few functions take most of both. */
export class SyntheticScope {
  readonly scope: Scope = { repository: 'synthetic', branch: 'main' };
  private readonly random: () => number;
  readonly words: readonly string[];

  constructor(readonly size: SyntheticSize, seed: number) {
    this.random = seeded(seed);
    this.words = Array.from({ length: size.vocabulary }, (_, number) => `${syllables[number % 24] ?? ''}${syllables[Math.floor(number / 24) % 24] ?? ''}${number >= 576 ? syllables[Math.floor(number / 576) % 24] ?? '' : ''}`);
  }

  /** Word or function by rank: one of the first few in a third of all cases. */
  private skewed(count: number): number {
    return Math.floor(count * this.random() ** 4);
  }

  word(): string {
    return this.words[this.skewed(this.words.length)] ?? '';
  }

  sentence(words: number): string {
    return Array.from({ length: words }, () => this.word()).join(' ');
  }

  functionId(number: number): string {
    return `${scopeId(this.scope)}:${this.path(Math.floor(number / 20))}#${this.name(number)}`;
  }

  name(number: number): string {
    const method = number % 20 < 10;
    const short = `${this.words[number % 97] ?? ''}_${this.words[(number * 31) % this.words.length] ?? ''}${number}`;
    return method ? `Class${Math.floor(number / 20)}.${short}` : short;
  }

  private path(file: number): string {
    return `packages/${this.words[file % 50] ?? ''}/src/${this.words[file % 400] ?? ''}-${file}.ts`;
  }

  *slices(): Generator<FileSlice> {
    const files = Math.ceil(this.size.functions / 20);
    for (let file = 0; file < files; file += 1) yield this.slice(file);
  }

  private slice(file: number): FileSlice {
    const path = this.path(file);
    const scope = scopeId(this.scope);
    const fileId = `${scope}:${path}`;
    const classId = `${fileId}#Class${file}`;
    const nodes: GraphNode[] = [
      { table: 'File', id: fileId, scope, path, blob: file.toString(16).padStart(40, '0'), language: 'typescript', lines: 900, status: 'source', problem: '' },
      { table: 'Class', id: classId, scope, file_path: path, start_line: 1, end_line: 400, name: `Class${file}`, short_name: `Class${file}`, kind: 'class', package: '', docstring: this.sentence(12), methods: [], fields: [] },
    ];
    const edges: GraphEdge[] = [this.edge('CONTAINS', 'File', fileId, 'Class', classId)];
    if (file % 5 !== 0) edges.push(this.edge('INHERITS', 'Class', classId, 'Class', `${scope}:${this.path(file - 1)}#Class${file - 1}`));
    for (let at = 0; at < 20 && file * 20 + at < this.size.functions; at += 1) this.addFunction(file, at, nodes, edges);
    return { path, blob: file.toString(16).padStart(40, '0'), nodes, edges };
  }

  private addFunction(file: number, at: number, nodes: GraphNode[], edges: GraphEdge[]): void {
    const number = file * 20 + at;
    const [id, name, path, scope] = [this.functionId(number), this.name(number), this.path(file), scopeId(this.scope)];
    const isTest = at === 19;
    nodes.push({
      table: 'Function', id, scope, file_path: path, start_line: 1 + at * 40, end_line: 35 + at * 40, name, short_name: name.replace(/^.*\./, ''), kind: isTest ? 'test' : at < 10 ? 'method' : 'function',
      package: '', docstring: `${this.sentence(10)}. ${this.sentence(25)}.`, parameters: `${this.word()}: string, ${this.word()}: number`, return_type: 'boolean', class: at < 10 ? `${scope}:${path}#Class${file}` : '', is_test: isTest, body_words: this.sentence(20),
    });
    edges.push(this.edge('CONTAINS', at < 10 ? 'Class' : 'File', at < 10 ? `${scope}:${path}#Class${file}` : `${scope}:${path}`, 'Function', id));
    const targets = new Set(Array.from({ length: this.size.callsPerFunction }, () => this.callee(number)));
    for (const target of targets) if (target !== number) edges.push(this.edge(isTest ? 'TESTS' : 'DEPENDS_ON', 'Function', id, 'Function', this.functionId(target), this.random() < 0.7 ? 'call' : 'maybe', 3 + at * 40));
  }

  /** Mostly a neighbour, sometimes one of the few that everybody calls. */
  private callee(number: number): number {
    const near = number - 1 - Math.floor(this.random() * 200);
    return this.random() < 0.8 && near >= 0 ? near : this.skewed(this.size.functions);
  }

  private edge(table: GraphEdge['table'], fromTable: GraphEdge['fromTable'], from: string, toTable: GraphEdge['toTable'], to: string, dependency_type: Confidence | '' = '', line = 0): GraphEdge {
    return { table, fromTable, from, toTable, to, dependency_type, line };
  }
}
