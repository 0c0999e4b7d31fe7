import { stem } from './stem.js';

/** English words that stand in almost every comment; whoever asks in sentences asks with them too. */
const stopWords = new Set('a an and are as at be by for from has have if in into is it its of on or that the their then this to was will with when which given'.split(' '));

/** Letters and marks of any script, digits, and the joints of identifiers. */
const word = /[\p{L}\p{M}\p{N}_$]+/gu;
/** The same for texts without other letters, which most are: several times as fast. */
const plainWord = /[\w$]+/g;
const isPlain = /^[\0-\x7f]*$/;
/** Where an identifier is joined: snake_case, camelCase, HTTPServer, utf8Text. */
const part = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{Lt}\p{M}]+|\p{N}+/gu;

/** The words and identifiers of a text, as written, in order. */
export const wordsOf = (text: string): readonly string[] => (isPlain.test(text) ? text.match(plainWord) : text.normalize('NFC').match(word)) ?? [];

export interface WordTerms {
  readonly parts: readonly string[];
  /** All parts in one piece, where they are several. */
  readonly whole?: string;
}

/**
 * The terms of one word. An identifier of several parts gives each of them and itself in one piece, so that
 * `parseJSONFile` is found by "json file" and by its whole name. Lone surrogates are no letters and give none.
 */
export function wordTerms(identifier: string): WordTerms {
  const parts = identifier.match(part) ?? [];
  const lower = parts.map((one) => one.toLowerCase());
  if (parts.length > 1) return { parts: lower.map(stem), whole: stem(lower.join('')) };
  return { parts: lower.filter((one) => !stopWords.has(one)).map(stem) };
}

/** The terms of a text, in order. */
export const codeTokens = (text: string): string[] => wordsOf(text).flatMap((one) => {
  const { parts, whole } = wordTerms(one);
  return whole === undefined ? parts : [...parts, whole];
});
