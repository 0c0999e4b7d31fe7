/** What git tools show of a subject, and GitHub of a title. */
export const MAX_SUBJECT = 72;
/** Where the lines of a commit's body end. */
const WIDTH = 72;

/** Characters that nobody sees, or that turn the order of others around: a text must be what it looks like. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const hidden = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

/**
 * What a text of a model must not do once it is in a repository: speak for somebody (trailers), command a tracker or a
 * CI, call a person, lead elsewhere. Its prompt holds files that anybody may have written.
 */
const forbidden: readonly (readonly [pattern: RegExp, problem: string])[] = [
  [/^\s*(?:[A-Za-z]+(?:-[A-Za-z]+)+|Task|Story|Fixes|Closes|Refs?|Change)\s*:/im, 'has a line that reads as a trailer'],
  [/(?:^|[^\w&])(?:#|GH-)\d/im, 'refers to an issue by number'],
  [/(?:^|[^\w.])@[A-Za-z0-9]/m, 'has an @name outside of backticks'],
  [/[a-z][a-z0-9+.-]*:\/\/|\bwww\./i, 'holds a link'],
  [/<(?:!--|\/?[a-z][^>]*>)/i, 'holds HTML'],
  [/^\s*\/[a-z]/im, 'has a line that begins with a slash'],
];

/** The same where code in backticks has no meaning of its own, and must not hide it either. */
const forbiddenInCode: typeof forbidden = [
  [hidden, 'holds control or invisible characters'],
  [/\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]|^skip-checks/im, 'holds a command to a CI'],
];

function shared(name: string, text: string): string[] {
  const problems = (rules: typeof forbidden, on: string): string[] => rules.flatMap(([pattern, problem]) => (pattern.test(on) ? [`"${name}" ${problem}.`] : []));
  return [...problems(forbiddenInCode, text), ...problems(forbidden, text.replaceAll(/`[^`\n]*`/g, '``'))];
}

/** Problems of one line of at most `room` characters; none when it may stand as a subject or a title. */
export function subjectProblems(name: string, text: string, room: number): string[] {
  const found = shared(name, text);
  if (text.trim() === '') found.push(`"${name}" is empty.`);
  if (text.includes('\n')) found.push(`"${name}" has more than one line.`);
  if (text.length > room) found.push(`"${name}" has ${text.length} characters; at most ${room} are allowed.`);
  if (/^[a-z]+(?:\([^)]*\))?!?:\s/.test(text)) found.push(`"${name}" begins with a type such as "feat:"; leave it out.`);
  if (text.trimEnd().endsWith('.')) found.push(`"${name}" ends with a full stop.`);
  return found;
}

/** Problems of a text of several lines. */
export function bodyProblems(name: string, text: string, maxChars: number): string[] {
  return [...shared(name, text), ...(text.length > maxChars ? [`"${name}" has ${text.length} characters; at most ${maxChars} are allowed.`] : [])];
}

/** The text with its lines ended between words; lines of a list or of code stay as they are. */
export function wrapped(text: string): string {
  return text.trim().split('\n').map((line) => (/^(?: {2}|\t|[-*] |\d+\. )/.test(line) ? line : line.replace(new RegExp(`(.{1,${WIDTH}})(?:\\s+|$)`, 'g'), '$1\n').trimEnd())).join('\n');
}

/** The beginning of a line, ended between words, that fits into `room`. */
export function clipped(text: string, room: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= room ? line : `${line.slice(0, room - 1).replace(/\s+\S*$/, '')}…`;
}
