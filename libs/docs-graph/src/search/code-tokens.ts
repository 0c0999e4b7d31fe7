import { stem } from './stem.js';

/** English words that stand in almost every comment; whoever asks in sentences asks with them too. */
const stopWords = new Set('a an and are as at be by for from has have if in into is it its of on or that the their then this to was will with when which given'.split(' '));

/** Letters and marks of any script, digits, and the joints of identifiers. */
const word = /[\p{L}\p{M}\p{N}_$]+/gu;
/** Where an identifier is joined: snake_case, camelCase, HTTPServer, utf8Text. */
const part = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{Lt}\p{M}]+|\p{N}+/gu;

/** The words and identifiers of a text, as written, in order. */
export const wordsOf = (text: string): readonly string[] => text.normalize('NFC').match(word) ?? [];

/**
 * The terms of one word. An identifier of several parts gives each of them and itself in one piece, so that
 * `parseJSONFile` is found by "json file" and by its whole name. Lone surrogates are no letters and give none.
 */
export function wordTokens(identifier: string): string[] {
  const tokens: string[] = [];
  const parts = identifier.match(part) ?? [];
  for (const one of parts) {
    const lower = one.toLowerCase();
    if (!stopWords.has(lower) || parts.length > 1) tokens.push(stem(lower));
  }
  if (parts.length > 1) tokens.push(stem(parts.join('').toLowerCase()));
  return tokens;
}

/** The terms of a text, in order. */
export const codeTokens = (text: string): string[] => wordsOf(text).flatMap(wordTokens);
