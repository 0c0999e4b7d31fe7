import type { LanguageName } from '../facts/file-facts.js';

const opening = new Set('([{<');
const closing = new Set(')]}>');

/** `=>` and `->` close nothing. */
const isArrow = (text: string, at: number): boolean => text[at] === '>' && /[=-]/.test(text[at - 1] ?? '');

/** The pieces between the commas that are in no brackets. */
function pieces(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (opening.has(sign)) depth += 1;
    else if (closing.has(sign) && !isArrow(text, at)) depth -= 1;
    else if (sign === ',' && depth === 0) {
      found.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...found, text.slice(start)].map((one) => one.trim()).filter((one) => one !== '');
}

const word = /[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;
const words = (text: string): string[] => text.match(word) ?? [];

/** Names with their types, as written; a pattern gives all words in it, without a type. */
function fromPiece(piece: string, language: LanguageName, add: (name: string, type: string) => void): void {
  if (language === 'java') {
    const all = words(piece.replace(/@[\w.]+(?:\([^)]*\))?/g, ''));
    const name = all.at(-1);
    if (name !== undefined) add(name, piece.slice(0, piece.lastIndexOf(name)).replace(/\bfinal\b|@[\w.]+(?:\([^)]*\))?/g, '').trim());
    return;
  }
  if (language === 'go') {
    const [name = '', ...type] = piece.split(/\s+/);
    return add(name, type.join(' '));
  }
  const [pattern = '', type = ''] = /^((?:\{[^]*\}|\[[^]*\]|[^:=])*)(?::((?:=>|[^=])*))?/.exec(piece)?.slice(1) ?? [];
  const bound = words(pattern.replace(/\b(?:public|private|protected|readonly|override|mut|ref)\b|@[\w.]+(?:\([^)]*\))?/g, ''));
  const single = !/[{[(]/.test(pattern) && bound.length === 1;
  for (const name of bound) add(name, single ? type.trim() : '');
}

/** What a function's parameters are called, and their types; in Go `a, b T` gives both the type. */
export function parametersOf(language: LanguageName, text: string): Map<string, string> {
  const found = new Map<string, string>();
  const all = pieces(text);
  for (const piece of language === 'go' ? all.reverse() : all) {
    const last = [...found.values()].at(-1) ?? '';
    fromPiece(piece, language, (name, type) => found.set(name, language === 'go' && type === '' ? last : type));
  }
  return found;
}

/** How many arguments a function takes; `most` is Infinity where the last parameter takes all that come. */
export interface Arity {
  readonly least: number;
  readonly most: number;
}

/** `a?: T`, `a: T = b`. */
const mayBeLeftOut = /^[^:=]*\?|(?:^|[^=])=(?![=>])/;
const quotedOrComment = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|\/\*[^]*?\*\//g;

/** Undefined for languages in which it distinguishes no functions: without overloads, or with arguments that may be left out. */
export function arityOf(language: LanguageName, text: string): Arity | undefined {
  const isJava = language === 'java';
  if (!isJava && language !== 'typescript' && language !== 'tsx') return undefined;
  if (text === '') return { least: 0, most: 0 };
  const all = outline(text.replace(quotedOrComment, '')).split(',').map((piece) => piece.trim()).filter((piece) => piece !== '' && !(isJava ? /\sthis$/ : /^this\s*:/).test(piece));
  const isOpen = (piece: string): boolean => (isJava ? piece.includes('...') : piece.startsWith('...'));
  const isOptional = (piece: string): boolean => isOpen(piece) || (!isJava && mayBeLeftOut.test(piece));
  return { least: all.filter((piece) => !isOptional(piece)).length, most: all.some(isOpen) ? Infinity : all.length };
}

/** What is in no brackets. */
function outline(text: string): string {
  let kept = '';
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (closing.has(sign) && !isArrow(text, at)) depth = Math.max(0, depth - 1);
    if (depth === 0) kept += sign;
    if (opening.has(sign)) depth += 1;
  }
  return kept;
}

/** Types that are a box around one that is spoken to through it. */
const box = /^(?:Readonly|Box|Rc|Arc|Ref|RefMut|Option|Optional|Final|Annotated|ClassVar|NonNullable|Partial|Required)\s*[<[]([^]*)[>\]]$/;

/** The class that a type means, with its path in dots (`a.b.C`); empty for what is no class: unions, lists, functions. */
export function typeName(text: string): string {
  let type = text.trim();
  for (let round = 0; round < 4; round += 1) {
    type = type.replace(/^["']([^"']*)["']$/, '$1').replace(/^(?:[&*]+\s*)?(?:'\w+\s+)?(?:(?:mut|dyn|impl|readonly|const|final)\s+)*/, '').replace(/\s*\|\s*(?:null|undefined|None)$|\?$/g, '').trim();
    const inner = box.exec(type)?.[1];
    if (inner === undefined) break;
    type = inner;
  }
  const plain = /^([\p{ID_Start}$_][\p{ID_Continue}$]*(?:(?:\.|::)[\p{ID_Start}$_][\p{ID_Continue}$]*)*)\s*(?:[<[][^\]>\d][^]*[>\]])?$/u.exec(type)?.[1] ?? '';
  return plain.replaceAll('::', '.');
}

/** What an `await`, `?` or `unwrap` opens. */
const shell = /^(?:[\w.:]+(?:\.|::))?(?:Promise|PromiseLike|Awaitable|Result|Option)\s*[<[]([^]*)[>\]]$/;

/** What is inside of a type when it is awaited or unwrapped; the type itself where nothing is around it, as in Python. */
export const openedType = (type: string): string => pieces(shell.exec(type.trim())?.[1] ?? type)[0] ?? '';

/** Go's functions may give several things: the first, which may have a name. */
export function firstResult(language: LanguageName, returns: string): string {
  const inner = language === 'go' ? /^\(([^]*)\)$/.exec(returns)?.[1] : undefined;
  if (inner === undefined) return returns;
  const first = pieces(inner)[0] ?? '';
  return /^(?!(?:chan|func|map|struct|interface)\b)[\p{L}_][\p{L}\p{N}_]*\s+(\S[^]*)$/u.exec(first)?.[1] ?? first;
}
