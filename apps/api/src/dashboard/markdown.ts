import { parseInline, type Inline } from './markdown-inline.js';

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly parts: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly parts: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly isOrdered: boolean; readonly start: number; readonly items: readonly ListItem[] }
  | { readonly kind: 'table'; readonly head: readonly (readonly Inline[])[]; readonly rows: readonly (readonly (readonly Inline[])[])[] }
  | { readonly kind: 'rule' };

export interface ListItem {
  /** Of an item with a box to tick. */
  readonly isDone?: boolean;
  readonly blocks: readonly Block[];
}

/** Lines that are read; the rest of a longer text is one block of code. */
export const MAX_MARKDOWN_LINES = 20_000;
const MAX_DEPTH = 8;

const fence = /^ {0,3}(`{3,}|~{3,})\s*([\w+#.-]*)/;
const heading = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const rule = /^ {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$/;
const item = /^(\s*)([-*+]|\d{1,9}[.)])\s+(?=\S)/;
const quote = /^ {0,3}> ?/;
const divider = /^\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?\s*$/;

/**
 * Markdown as data: headings, paragraphs, lists, tables, quotes, code; HTML in it is text like any other. Never throws,
 * whatever it is given.
 */
export function parseMarkdown(text: string): Block[] {
  const lines = text.replaceAll('\r\n', '\n').replaceAll('\t', '    ').split('\n');
  const blocks = new MarkdownReader(lines.slice(0, MAX_MARKDOWN_LINES), 0).blocks();
  return lines.length > MAX_MARKDOWN_LINES ? [...blocks, { kind: 'code', text: lines.slice(MAX_MARKDOWN_LINES).join('\n') }] : blocks;
}

class MarkdownReader {
  private at = 0;

  constructor(private readonly lines: readonly string[], private readonly depth: number) {}

  blocks(): Block[] {
    const found: Block[] = [];
    if (this.depth === 0 && this.lines[0] === '---') this.frontMatter(found);
    while (this.at < this.lines.length) {
      const block = this.next();
      if (block !== undefined) found.push(block);
    }
    return found;
  }

  private frontMatter(found: Block[]): void {
    const end = this.lines.indexOf('---', 1);
    if (end === -1) return;
    found.push({ kind: 'code', text: this.lines.slice(1, end).join('\n') });
    this.at = end + 1;
  }

  private next(): Block | undefined {
    const line = this.lines[this.at]!;
    if (line.trim() === '') return void (this.at += 1);
    if (fence.test(line)) return this.code();
    const head = heading.exec(line);
    if (head !== null) {
      this.at += 1;
      return { kind: 'heading', level: head[1]!.length, parts: parseInline(head[2]!) };
    }
    if (rule.test(line)) {
      this.at += 1;
      return { kind: 'rule' };
    }
    if (this.depth < MAX_DEPTH && quote.test(line)) return { kind: 'quote', blocks: this.inner(this.while((one) => quote.test(one)).map((one) => one.replace(quote, ''))) };
    if (this.depth < MAX_DEPTH && item.test(line)) return this.list();
    if (line.includes('|') && divider.test(this.lines[this.at + 1] ?? '')) return this.table();
    return this.paragraph();
  }

  private code(): Block {
    const [, mark] = fence.exec(this.lines[this.at]!)!;
    this.at += 1;
    const lines = this.while((line) => !(line.trimStart().startsWith(mark!) && line.trim() === mark![0]!.repeat(line.trim().length)));
    this.at += 1;
    return { kind: 'code', text: lines.join('\n') };
  }

  private list(): Block {
    const [, indent, mark] = item.exec(this.lines[this.at]!)!;
    const isOrdered = /\d/.test(mark!);
    const items: ListItem[] = [];
    for (let match = item.exec(this.lines[this.at] ?? ''); match !== null && match[1]!.length <= indent!.length + 1 && /\d/.test(match[2]!) === isOrdered; match = item.exec(this.lines[this.at] ?? '')) {
      items.push(this.listItem(match[0].length, match[1]!.length));
      const next = this.lines.findIndex((line, index) => index >= this.at && line.trim() !== '');
      if (next !== -1 && item.test(this.lines[next]!)) this.at = next;
    }
    return { kind: 'list', isOrdered, start: Number.parseInt(mark!, 10) || 1, items };
  }

  private listItem(width: number, indent: number): ListItem {
    const first = this.lines[this.at]!.slice(width);
    this.at += 1;
    const rest = this.while((line, index) => line.trim() === '' ? this.isIndented(index, indent) : indentOf(line) > indent || !(item.test(line) || startsBlock(line) || this.lines[index - 1]!.trim() === ''));
    const box = /^\[([ xX])\]\s+/.exec(first);
    const blocks = this.inner([box === null ? first : first.slice(box[0].length), ...rest.map((line) => line.slice(Math.min(indentOf(line), width)))]);
    return box === null ? { blocks } : { isDone: box[1] !== ' ', blocks };
  }

  /** After empty lines an item goes on only with what is indented. */
  private isIndented(from: number, indent: number): boolean {
    const next = this.lines.slice(from, from + 3).find((line) => line.trim() !== '');
    return next !== undefined && indentOf(next) > indent;
  }

  private table(): Block {
    const [head, , ...rows] = this.while((line) => line.includes('|')).map(cellsOf);
    return { kind: 'table', head: head!, rows: rows.map((row) => head!.map((_, index) => row[index] ?? [])) };
  }

  private paragraph(): Block {
    const start = this.at;
    const lines = this.while((line, index) => index === start || (line.trim() !== '' && !startsBlock(line) && !(item.test(line) && indentOf(line) < 4)));
    return { kind: 'paragraph', parts: parseInline(lines.map((line) => line.trim()).join('\n')) };
  }

  private inner(lines: readonly string[]): Block[] {
    return new MarkdownReader(lines, this.depth + 1).blocks();
  }

  private while(holds: (line: string, index: number) => boolean): string[] {
    const start = this.at;
    while (this.at < this.lines.length && holds(this.lines[this.at]!, this.at)) this.at += 1;
    return this.lines.slice(start, this.at);
  }
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
const startsBlock = (line: string): boolean => fence.test(line) || heading.test(line) || rule.test(line) || quote.test(line);

/** A bar within code or behind a backslash divides no cells. */
function cellsOf(line: string): Inline[][] {
  const bare = line.trim().replace(/^\|/, '').replace(/(?<!\\)\|$/, '');
  const cells = bare.match(/(?:\\\||`[^`]*`|[^|])+|(?<=\|)(?=\|)/g) ?? [];
  return cells.map((cell) => parseInline(cell.trim().replaceAll('\\|', '|')));
}
