/** A section that names more is a list of everything, and documents nothing. */
const MENTIONS_AT_MOST = 100;
const inTicks = /`([^`\n]{2,200})`/g;
const called = /([\p{ID_Start}$_][\p{ID_Continue}$]*(?:(?:\.|::|#)[\p{ID_Start}$_][\p{ID_Continue}$]*)*)\(/gu;
const name = /^(?:new\s+)?[*&]?([\p{ID_Start}$_][\p{ID_Continue}$]*(?:(?:\.|::|#)[\p{ID_Start}$_][\p{ID_Continue}$]*)*)(?:<[^>]*>)?(?:\([^]*\))?;?$/u;
/** What could be a word of any language's prose or library is not taken for a name: an inner capital, an underscore, a qualification. */
const telling = /[\p{Ll}\d]\p{Lu}|_\p{L}|\p{Lu}\p{L}+/u;

export interface Mention {
  readonly parts: readonly string[];
  /** Within the text, from 1. */
  readonly line: number;
}

/** Names that a text gives as code: between backticks, or called in a fenced block. */
export function mentionsIn(text: string): Mention[] {
  const found = new Map<string, Mention>();
  let fenced = false;
  text.split('\n').forEach((line, index) => {
    if (/^\s*(?:```|~~~)/.test(line)) fenced = !fenced;
    else for (const word of fenced ? matches(called, line) : matches(inTicks, line).map((one) => name.exec(one.trim())?.[1] ?? '')) {
      const parts = word.split(/\.|::|#/);
      const isName = parts.length > 1 || telling.test(word) || (!fenced && line.includes(`${word}(`));
      if (word !== '' && isName && !found.has(parts.join('.')) && found.size < MENTIONS_AT_MOST) found.set(parts.join('.'), { parts, line: index + 1 });
    }
  });
  return [...found.values()];
}

const matches = (pattern: RegExp, text: string): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '');
