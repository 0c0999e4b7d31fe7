/** Everything that ends a line or is invisible, plain spaces excepted: runs of them may be what a text is about. */
const blank = /(?: *[^\S ] *|\p{Cc})+/gu;
const punctuation = '!-/:-@\\[-`{-~';
const escapable = new RegExp(`\\\\(?=[${punctuation}]|$)`, 'g');
const escaped = new RegExp(`\\\\([${punctuation}])`, 'g');
/** What would start a block at the beginning of a line: heading, list, quote, fence, table, rule. */
const blockStart = /^(\d*)([#\-*+>`~|=_.)])/;

/** One line: white space other than plain spaces becomes one space, ends are trimmed. Idempotent. */
export const tidyLine = (text: string): string => text.replace(blank, ' ').trim();

/** One line of an example: its line breaks are kept, written as `\\n`, because an expected output may have several lines. */
export const tidyExample = (text: string): string => tidyLine(text.trim().replace(/\r\n?|\n/g, '\\n'));

/** Paragraphs, each of one line, with an empty line between them. Idempotent. */
export function tidyText(text: string): string {
  return text.split(/\n\s*\n/).map(tidyLine).filter((paragraph) => paragraph !== '').join('\n\n');
}

/**
 * A tidy line as Markdown that shows the same characters and that `unescapeInline` turns back: a backslash before
 * punctuation is doubled, and a `<` that could open a tag or comment is escaped. `also` names further characters that
 * would end the place where the text stands, e.g. `|` in a table.
 */
export function escapeInline(text: string, also = ''): string {
  const safe = text.replace(escapable, '\\\\').replace(/<(?=[A-Za-z/!?])/g, '\\<');
  return also === '' ? safe : safe.replace(new RegExp(`[${also.replace(/[\]\\^-]/g, '\\$&')}]`, 'g'), '\\$&');
}

export const unescapeInline = (markdown: string): string => markdown.replace(escaped, '$1');

/** A paragraph that stands at the beginning of a line. */
export const escapeParagraph = (text: string): string => escapeInline(text).replace(blockStart, '$1\\$2');

export const escapeText = (text: string): string => text.split('\n\n').map(escapeParagraph).join('\n\n');
export const unescapeText = (markdown: string): string => markdown.trim().split('\n\n').map(unescapeInline).join('\n\n');

export const tableRow = (cells: readonly (string | number)[]): string => `| ${cells.map((cell) => escapeInline(String(cell), '|')).join(' | ')} |`;

export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [tableRow(head), tableRow(head.map(() => '---')), ...rows.map(tableRow)].join('\n');
}

/** The cells of a table's row, or undefined when the line is none. */
export function parseTableRow(line: string): string[] | undefined {
  if (!line.startsWith('| ') || !line.endsWith(' |')) return undefined;
  return line.slice(2, -2).split(' | ').map(unescapeInline);
}
