import type { LanguageName } from '../facts/file-facts.js';
import { family } from './file-names.js';

const opening = new Set('([{<');
const closing = new Set(')]}>');

/** The pieces between the commas that are in no brackets. `=>` and `->` close nothing. */
function pieces(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (opening.has(sign)) depth += 1;
    else if (closing.has(sign) && !(sign === '>' && /[=-]/.test(text[at - 1] ?? ''))) depth -= 1;
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
function fromPiece(piece: string, language: string, add: (name: string, type: string) => void): void {
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
    fromPiece(piece, family(language), (name, type) => found.set(name, language === 'go' && type === '' ? last : type));
  }
  return found;
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
