import type { GraphNode } from '../graph/graph-rows.js';

/** What is asked of very many nodes at once, in small numbers: looking at the nodes themselves would cost a search its time. */
export const groups = { none: 0, function: 1, test: 2, class: 3, document: 4 } as const;
export type Group = (typeof groups)[keyof typeof groups];

export function groupOf(node: GraphNode): Group {
  if (node.table === 'Function') return node.is_test ? groups.test : groups.function;
  return node.table === 'Class' ? groups.class : node.table === 'DocPage' ? groups.document : groups.none;
}

const doubled = <T extends Uint8Array | Uint32Array>(made: T, old: T): T => {
  made.set(old);
  return made;
};

/** Per node its group and the number of its file; a file's number is free again when nothing stands in it. */
export class NodeColumns {
  private groups = new Uint8Array(16);
  private inFiles = new Uint32Array(16);
  private readonly files = new Map<string, number>();
  private readonly inhabitants: number[] = [0];
  private readonly free: number[] = [];

  /** One more than the largest number of a file. */
  get fileCapacity(): number {
    return this.inhabitants.length;
  }

  group(number: number): number {
    return this.groups[number] ?? groups.none;
  }

  /** 0 for what stands in no file. */
  file(number: number): number {
    return this.inFiles[number] ?? 0;
  }

  set(number: number, node: GraphNode): void {
    if (number >= this.groups.length) {
      this.groups = doubled(new Uint8Array(number * 2), this.groups);
      this.inFiles = doubled(new Uint32Array(number * 2), this.inFiles);
    }
    this.groups[number] = groupOf(node);
    const file = 'file_path' in node ? this.fileNumber(node.file_path) : 0;
    this.inFiles[number] = file;
    this.inhabitants[file] = (this.inhabitants[file] ?? 0) + 1;
  }

  clear(number: number, node: GraphNode): void {
    const file = this.file(number);
    this.groups[number] = groups.none;
    this.inFiles[number] = 0;
    this.inhabitants[file] = (this.inhabitants[file] ?? 0) - 1;
    if (file === 0 || this.inhabitants[file] !== 0 || !('file_path' in node)) return;
    this.files.delete(node.file_path);
    this.free.push(file);
  }

  private fileNumber(path: string): number {
    const known = this.files.get(path);
    if (known !== undefined) return known;
    const number = this.free.pop() ?? this.inhabitants.length;
    this.inhabitants[number] = 0;
    this.files.set(path, number);
    return number;
  }
}
