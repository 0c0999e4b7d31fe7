import { z } from 'zod';

/**
 * One line of prose as every document of a feature folder holds it: no line breaks, no control characters. Runs of
 * plain spaces stay: a layout that a text quotes depends on them. Whatever has this form survives being rendered to Markdown and parsed back unchanged.
 */
export function toLine(text: string): string {
  return text.replace(/[\s\u0000-\u001f\u007f-\u009f]+/gu, (run) => (/^ +$/.test(run) ? run : ' ')).trim();
}

/** A schema for such lines: normalises first, then bounds the length. */
export const lineOf = (max: number): z.ZodPipe<z.ZodPipe<z.ZodString, z.ZodTransform<string, string>>, z.ZodString> =>
  z.string().transform(toLine).pipe(z.string().min(1).max(max));
export const line = lineOf(4000);

/**
 * Text inside a Markdown line. Backslashes and runs of asterisks are escaped, so that `**` is always ours and a parser
 * can rely on it; single asterisks and all else stay readable as they are.
 */
export function encodeText(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/\*{2,}/g, (run) => '\\*'.repeat(run.length));
}

/** Text that starts a Markdown line of its own: it must not be taken for a heading, a list item, a table or a fence. */
export function encodeParagraph(text: string): string {
  const encoded = encodeText(text);
  if (/^(?:[#>+|~=<[_*-]|`{3})/.test(encoded)) return `\\${encoded}`;
  return encoded.replace(/^(\d+)([.)])/, '$1\\$2');
}

export function encodeCell(text: string): string {
  return encodeText(text).replace(/\|/g, '\\|');
}

/** Inverse of all `encode…` functions: a backslash before ASCII punctuation stands for that character. */
export function decodeText(text: string): string {
  return text.replace(/\\([!-/:-@[-`{-~])/g, '$1');
}

/** A code span, delimited by more backticks than the text has in a row (CommonMark 6.1). */
export function codeSpan(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  return longest === 0 ? `\`${text}\`` : `${'`'.repeat(longest + 1)} ${text} ${'`'.repeat(longest + 1)}`;
}

/** The text of a code span that fills the whole string, or undefined when it is none. */
export function readCodeSpan(span: string): string | undefined {
  const match = /^(`+)(.+?)\1$/.exec(span);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return match[1].length === 1 ? match[2] : match[2].replace(/^ | $/g, '');
}
