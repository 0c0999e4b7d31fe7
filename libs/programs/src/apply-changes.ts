import type { FileChange, SearchReplace } from './file-changes.js';

/**
 * Up to this many lines a file is given and answered whole; above, by exact SEARCH/REPLACE. Whole files are the format
 * that models get right most often (98 % well-formed in aider's polyglot data, against 92 % for blocks), but a long one
 * invites elisions.
 */
export const WHOLE_FILE_MAX_LINES = 300;
/** Bound of one written file in characters. */
export const MAX_FILE_CHARS = 400_000;

export type Files = Readonly<Record<string, string>>;
export type Applied = { readonly ok: true; readonly files: Files } | { readonly ok: false; readonly problems: readonly string[] };

const commentStart = /^\s*(?:\/\/|#(?!!)|\/\*|\*|<!--|--)\s*/;
const elision = /^(?:\.{3}|…)|\b(?:rest of (?:the|this|your) (?:code|file|implementation|class|function|tests?)|(?:existing|previous|remaining|other) (?:code|implementation|functions?|methods?|tests?|imports?) (?:\w+ )?(?:unchanged|here|same|as before|unmodified|omitted)|(?:same|unchanged) as before|code omitted)\b/i;

export const lineCount = (text: string): number => (text === '' ? 0 : text.replace(/\n$/, '').split('\n').length);

/** Lines that stand for code left out; those that the file had before are its own. */
export function elisions(text: string, before = ''): string[] {
  const known = new Set(before.split('\n'));
  return text.split('\n').filter((line) => {
    const start = commentStart.exec(line);
    return start !== null && !known.has(line) && elision.test(line.slice(start[0].length));
  });
}

/**
 * The changed files after all changes, or every problem and no file: half an answer is never applied.
 * `current` holds the texts that exist. A file's own line ends (`\r\n`) are kept.
 */
export function applyChanges(current: Files, changes: readonly FileChange[]): Applied {
  const files: Record<string, string> = {};
  const problems: string[] = [];
  for (const change of changes) {
    const before = Object.hasOwn(current, change.path) ? current[change.path] : undefined;
    const result = change.kind === 'whole' ? whole(change.path, change.text, before) : edited(change.path, change.edits, before);
    if (typeof result === 'string') files[change.path] = before?.includes('\r\n') === true ? result.replaceAll('\n', '\r\n') : result;
    else problems.push(...result);
  }
  return problems.length === 0 ? { ok: true, files } : { ok: false, problems };
}

function bounded(path: string, text: string, before: string | undefined): string | string[] {
  if (text.length > MAX_FILE_CHARS) return [`${path}: has ${text.length} characters; at most ${MAX_FILE_CHARS} are written.`];
  const left = elisions(text, before);
  if (left.length > 0) return [`${path}: the line ${JSON.stringify(left[0]?.trim().slice(0, 120))} stands for code that is left out; give every line.`];
  return text;
}

function whole(path: string, text: string, before: string | undefined): string | string[] {
  if (before !== undefined && lineCount(before) > WHOLE_FILE_MAX_LINES) {
    return [`${path}: has more than ${WHOLE_FILE_MAX_LINES} lines; change it with an <<<EDIT ${path}>>> section.`];
  }
  return bounded(path, text, before?.replaceAll('\r\n', '\n'));
}

function edited(path: string, edits: readonly SearchReplace[], before: string | undefined): string | string[] {
  if (before === undefined) return [`${path}: does not exist yet; give it whole in a <<<FILE ${path}>>> section.`];
  let text = before.replaceAll('\r\n', '\n');
  if (!text.endsWith('\n')) text += '\n';
  const original = text;
  for (const [index, { search, replace }] of edits.entries()) {
    const [at, ...more] = search === '' ? [] : occurrences(text, search);
    if (at === undefined) return [`${path}: SEARCH block ${index + 1} is not in the file exactly${closest(text, search)}.`];
    if (more.length > 0) return [`${path}: SEARCH block ${index + 1} is in the file ${more.length + 1} times; include more lines.`];
    text = text.slice(0, at) + replace + text.slice(at + search.length);
  }
  return bounded(path, text, original);
}

/** Starts of `search` in `text` at the beginning of a line. */
function occurrences(text: string, search: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(search); at >= 0; at = text.indexOf(search, at + 1)) {
    if (at === 0 || text[at - 1] === '\n') places.push(at);
  }
  return places;
}

/** The lines that are most like the ones searched for: what a model needs to mend its block. */
function closest(text: string, search: string): string {
  const wanted = search.replace(/\n$/, '').split('\n').map((line) => line.trim());
  const lines = text.split('\n');
  let best = { score: 0, at: 0 };
  for (let at = 0; at + wanted.length <= lines.length; at += 1) {
    const score = wanted.filter((line, offset) => line !== '' && line === lines[at + offset]?.trim()).length;
    if (score > best.score) best = { score, at };
  }
  return best.score === 0 ? '' : `; the closest lines are:\n${lines.slice(best.at, best.at + Math.min(wanted.length, 20)).join('\n')}\n`;
}
