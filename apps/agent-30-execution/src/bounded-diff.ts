import type { Contents } from './workspace-files.js';

/** Bounds of a diff that a prompt shows, in characters: of all files together, of one, of a line. */
export const MAX_DIFF_CHARS = 16_000;
const MAX_FILE_CHARS = 5_000;
const MAX_LINE_CHARS = 300;
const CONTEXT_LINES = 3;

/**
 * What changed, as one hunk a file: what is the same at the beginning and at the end is left out. The same contents give
 * the same text. What does not fit is said, and never silently cut.
 */
export function boundedDiff(paths: readonly string[], before: Contents, after: Contents): string {
  let room = MAX_DIFF_CHARS;
  const left: string[] = [];
  const parts = paths.filter((path) => before[path] !== after[path]).flatMap((path) => {
    const text = fileDiff(path, before[path], after[path]);
    if (text.length > room) left.push(path);
    else room -= text.length;
    return left.includes(path) ? [] : [text];
  });
  return [...parts, ...(left.length === 0 ? [] : [`(not shown: ${left.slice(0, 20).join(', ')})`])].join('\n');
}

function fileDiff(path: string, before: string | undefined, after: string | undefined): string {
  const head = before === undefined ? `new file ${path}` : after === undefined ? `deleted file ${path}` : `changed file ${path}`;
  if (after === undefined) return head;
  const text = [head, ...hunk(linesOf(before ?? ''), linesOf(after))].join('\n');
  return text.length <= MAX_FILE_CHARS ? text : `${text.slice(0, MAX_FILE_CHARS)}\n(the rest of ${path} is not shown)`;
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

function hunk(before: readonly string[], after: readonly string[]): string[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const marked = (mark: string, lines: readonly string[]): string[] => lines.map((line) => `${mark}${line.slice(0, MAX_LINE_CHARS)}`);
  return [
    ...marked(' ', after.slice(Math.max(0, start - CONTEXT_LINES), start)),
    ...marked('-', before.slice(start, before.length - end)), ...marked('+', after.slice(start, after.length - end)),
    ...marked(' ', after.slice(after.length - end, Math.min(after.length, after.length - end + CONTEXT_LINES))),
  ];
}
