import { MAX_BODY } from '../managed-block.js';
import { cleanLine, cleanText } from './clean-text.js';
import { plainLines } from './command-lines.js';

/** What a person may ask for in a comment. Texts are cleaned and bounded, and data all the same. */
export type Command =
  | { readonly verb: 'run'; readonly text: string }
  | { readonly verb: 'status' }
  | { readonly verb: 'cancel'; readonly reason: string }
  | { readonly verb: 'retry' }
  /** `what`: the name of an approval, where several are open. */
  | { readonly verb: 'approve'; readonly what: string | undefined }
  /** `named`: how to read it when a question of that name is open. */
  | { readonly verb: 'answer'; readonly text: string; readonly named: { readonly name: string; readonly text: string } | undefined };

export type ParsedComment =
  | { readonly kind: 'none' }
  | { readonly kind: 'command'; readonly command: Command }
  /** Meant as a command, and none: told to its author, not guessed at. */
  | { readonly kind: 'refused'; readonly why: 'unknown-verb' | 'several-commands' | 'unexpected-text' | 'text-missing'; readonly verb: string };

const MAX_REASON = 500;
const MAX_ANSWER = 10_000;
const start = /^\/cascade(?:[ \t]+([^ \t]+)(?:[ \t]+(.*))?)?[ \t]*$/;

/**
 * The command of a comment: one line `/cascade <verb> …` that begins at the left margin and that its readers see as the
 * author's own words. `run` and `answer` take the lines after it along, quotes left out. Exactly one: a comment with two
 * is refused, since nobody knows what was quoted, pasted or meant.
 */
export function parseCommand(comment: string): ParsedComment {
  if (comment.length > MAX_BODY) return { kind: 'none' };
  const lines = comment.replace(/\r\n?/g, '\n').split('\n');
  const found = [...plainLines(lines)].filter((index) => start.test(lines[index] ?? ''));
  const [first] = found;
  if (first === undefined) return { kind: 'none' };
  const [, verb = '', rest = ''] = start.exec(lines[first] ?? '') ?? [];
  if (found.length > 1) return { kind: 'refused', why: 'several-commands', verb: cleanLine(verb, 20) };
  return readCommand(verb, rest, lines.slice(first + 1));
}

function readCommand(verb: string, rest: string, following: readonly string[]): ParsedComment {
  const text = (): string => cleanText([rest, ...following.filter((line) => !/^\s*>/.test(line))].join('\n'), MAX_ANSWER);
  const isBare = cleanLine(rest, MAX_REASON) === '';
  switch (verb) {
    case 'run': return { kind: 'command', command: { verb, text: text() } };
    case 'cancel': return { kind: 'command', command: { verb, reason: cleanLine(rest, MAX_REASON) } };
    case 'status':
    case 'retry': return isBare ? { kind: 'command', command: { verb } } : { kind: 'refused', why: 'unexpected-text', verb };
    case 'approve': return approve(rest.trim());
    case 'answer': return answer(text());
    default: return { kind: 'refused', why: 'unknown-verb', verb: cleanLine(verb, 20) };
  }
}

function approve(what: string): ParsedComment {
  if (what !== '' && !/^[a-z][a-z0-9/_-]{0,99}$/.test(what)) return { kind: 'refused', why: 'unexpected-text', verb: 'approve' };
  return { kind: 'command', command: { verb: 'approve', what: what === '' ? undefined : what } };
}

function answer(text: string): ParsedComment {
  if (text === '') return { kind: 'refused', why: 'text-missing', verb: 'answer' };
  const named = /^([a-z][a-zA-Z0-9/_.-]{0,199}):\s+(?=\S)/.exec(text);
  return { kind: 'command', command: { verb: 'answer', text, named: named === null ? undefined : { name: named[1] ?? '', text: text.slice(named[0].length) } } };
}
