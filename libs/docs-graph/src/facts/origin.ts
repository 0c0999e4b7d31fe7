import type { Node } from 'web-tree-sitter';
import { factBounds } from './bounds.js';
import type { Cuts } from './cuts.js';
import type { OriginFacts } from './file-facts.js';
import type { BindingParts, Language } from './language.js';
import { folded } from './short-text.js';

/** Awaits, parentheses and the like around a value. */
const WRAPPERS_AT_MOST = 8;

/** What the text says of a variable or field; empty when it says nothing, undefined when it holds nothing yet. */
export function originOf(language: Language, cuts: Cuts, { type, value }: BindingParts): OriginFacts | undefined {
  if (type !== undefined) return { type: cuts.text(folded(type.text), 'type') };
  return value === undefined ? {} : madeBy(language, value);
}

function madeBy(language: Language, value: Node): OriginFacts | undefined {
  let opened = false;
  for (let node = value, round = 0; round < WRAPPERS_AT_MOST; round += 1) {
    const step = language.value(node);
    if (step === undefined) return undefined;
    if (step.inside === undefined) return step.type !== undefined && isShort(step.type) ? { type: folded(step.type.text).toWellFormed() } : called(step.made ?? [], opened || step.opens === true);
    opened ||= step.opens ?? false;
    node = step.inside;
  }
  return {};
}

const path = /^[\p{ID_Start}$_][\p{ID_Continue}$]*(?:(?:\.|::)[#\p{ID_Start}$_][\p{ID_Continue}$]*)*$/u;

/** Only a path of names says something; type arguments in it are left out. */
function called(parts: readonly Node[], opened: boolean): OriginFacts {
  const made = parts.every(isShort) ? parts.map(({ text }) => text).join('.').replace(/(?:::)?<[^<>]*>|\[[^[\]]*\]$|[?!]|\s+(?=\.)/g, '') : '';
  return path.test(made) ? { made, ...opened ? { opened } : {} } : {};
}

const isShort = ({ startIndex, endIndex }: Node): boolean => endIndex - startIndex <= factBounds.made;
