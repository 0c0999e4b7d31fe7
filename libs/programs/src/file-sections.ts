import { pathProblem } from '@cascade/contracts';
import type { FileChange, SearchReplace } from './file-changes.js';

/**
 * Files as raw text sections:
 *
 *     <<<FILE src/a.js>>>            <<<EDIT src/big.js>>>
 *     …the whole text…              <<<SEARCH>>>
 *     <<<END FILE>>>                …lines that are there, exactly…
 *                                   <<<REPLACE>>>
 *                                   …lines that take their place…
 *                                   <<<END EDIT>>>
 *
 * Markers are whole lines. Source code never travels inside JSON: models write it worse there and escape it wrongly.
 * A line of content that looks like a marker of its own section gets one backslash in front, and loses it when parsed,
 * so that every text survives. Texts have `\n` line ends and end with one (or are empty).
 */
export const MAX_SECTIONS = 20;

const opener = /^<<<(FILE|EDIT) (.{1,1024})>>>\s*$/;
const inner = /^\\*<<<(END FILE|END EDIT|SEARCH|REPLACE)>>>\s*$/;

const escapeLine = (line: string): string => (inner.test(line) ? `\\${line}` : line);
const unescapeLine = (line: string): string => (line.startsWith('\\') && inner.test(line) ? line.slice(1) : line);
const toText = (lines: readonly string[]): string => (lines.length === 0 ? '' : `${lines.map(unescapeLine).join('\n')}\n`);

function toLines(text: string): string[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map(escapeLine);
}

const isMarker = (line: string, name: string): boolean => line.trimEnd() === `<<<${name}>>>`;

export function renderSections(changes: readonly FileChange[]): string {
  return changes.map((change) => {
    if (change.kind === 'whole') return [`<<<FILE ${change.path}>>>`, ...toLines(change.text), '<<<END FILE>>>'].join('\n');
    const blocks = change.edits.flatMap((edit) => ['<<<SEARCH>>>', ...toLines(edit.search), '<<<REPLACE>>>', ...toLines(edit.replace)]);
    return [`<<<EDIT ${change.path}>>>`, ...blocks, '<<<END EDIT>>>'].join('\n');
  }).join('\n');
}

/** True while a line still belongs to an open section, so that nothing in it is read as another field's header. */
export class SectionTracker {
  private end: string | undefined;

  /** Takes the next line; tells whether it is inside a section (markers included). */
  feed(line: string): boolean {
    if (this.end !== undefined) {
      if (isMarker(line, this.end)) this.end = undefined;
      return true;
    }
    const match = opener.exec(line);
    if (match === null) return false;
    this.end = `END ${match[1]}`;
    return true;
  }
}

/** The sections of a `files` field. Problems are sentences for the model; with any of them `changes` must not be used. */
export function parseSections(text: string): { changes: FileChange[]; problems: string[] } {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const changes: FileChange[] = [];
  const problems: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const match = opener.exec(line);
    if (match === null) {
      if (line.trim() !== '' && problems.length < 5) problems.push(`The line ${JSON.stringify(line.slice(0, 120))} stands outside any <<<FILE path>>> or <<<EDIT path>>> section; write only sections there.`);
      continue;
    }
    const [, kind = '', path = ''] = match;
    const end = lines.findIndex((candidate, index) => index > at && isMarker(candidate, `END ${kind}`));
    if (end < 0) {
      problems.push(`The section <<<${kind} ${path}>>> has no closing line <<<END ${kind}>>>; give the complete answer.`);
      break;
    }
    const body = lines.slice(at + 1, end);
    at = end;
    addSection(kind, path.trim(), body, changes, problems);
  }
  if (changes.length > MAX_SECTIONS) problems.push(`There are ${changes.length} file sections; at most ${MAX_SECTIONS} are taken.`);
  return { changes, problems };
}

function addSection(kind: string, path: string, body: readonly string[], changes: FileChange[], problems: string[]): void {
  const problem = pathProblem(path);
  if (problem !== undefined) return void problems.push(`The path ${JSON.stringify(path.slice(0, 120))} ${problem}.`);
  if (changes.some((change) => change.path === path)) return void problems.push(`${path} appears in two sections; give each file once.`);
  if (kind === 'FILE') return void changes.push({ kind: 'whole', path, text: toText(body) });
  const edits = parseEdits(body);
  if (edits === undefined) return void problems.push(`${path}: an EDIT section is one or more blocks of a <<<SEARCH>>> line, the lines to find, a <<<REPLACE>>> line and the new lines.`);
  changes.push({ kind: 'edit', path, edits });
}

function parseEdits(body: readonly string[]): SearchReplace[] | undefined {
  const edits: { search: string[]; replace: string[] }[] = [];
  let target: string[] | undefined;
  for (const line of body) {
    const last = edits.at(-1);
    if (isMarker(line, 'SEARCH')) {
      if (last !== undefined && target !== last.replace) return undefined;
      target = [];
      edits.push({ search: target, replace: [] });
    } else if (isMarker(line, 'REPLACE')) {
      if (last === undefined || target !== last.search) return undefined;
      target = last.replace;
    } else if (target === undefined) {
      if (line.trim() !== '') return undefined;
    } else target.push(line);
  }
  const last = edits.at(-1);
  if (last === undefined || target !== last.replace) return undefined;
  return edits.map(({ search, replace }) => ({ search: toText(search), replace: toText(replace) }));
}
