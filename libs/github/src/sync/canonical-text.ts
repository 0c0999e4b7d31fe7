/** GitHub's bound of a title. */
export const MAX_TITLE = 256;

/**
 * A text as both sides compare it: line breaks as LF, no blanks at the end of a line, no empty lines around it.
 * Idempotent. Only for comparing and for readers; what a person wrote goes back to GitHub as it came.
 */
export const canonicalText = (text: string): string =>
  text.toWellFormed().replace(/\r\n?/g, '\n').split('\n').map((line) => line.trimEnd()).join('\n').replace(/^\n+/, '').trimEnd();

/** One line within GitHub's bound, the end of a longer one replaced by an ellipsis. Idempotent; never empty, since GitHub takes no empty title. */
export function canonicalTitle(title: string): string {
  const line = title.toWellFormed().replace(/\s+|\p{Cc}+/gu, ' ').replace(/ {2,}/g, ' ').trim();
  if (line === '') return 'Untitled';
  return line.length <= MAX_TITLE ? line : `${cut(line, MAX_TITLE - 1).trimEnd()}…`;
}

/** At most `length` UTF-16 units, no pair of them torn apart. */
export const cut = (text: string, length: number): string => (text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, ''));
