import { describe, expect, it } from '@jest/globals';
import { factBounds } from './bounds.js';
import type { LoadedLanguage } from './loaded-language.js';
import { syntaxOf } from './syntax.js';

/** A parser whose state is of no interest; only what it says and how it ends. */
const loaded = (parse: (text: string, old: null, options: { progressCallback: () => boolean }) => null): LoadedLanguage & { resets: number } => {
  const made = { resets: 0, parser: { parse, reset: () => { made.resets += 1; } }, query: {} };
  return made as unknown as LoadedLanguage & { resets: number };
};

describe('syntaxOf', () => {
  it('ends a parse that takes too many steps, and lets the next file begin anew', () => {
    let steps = 0;
    const language = loaded((_text, _old, { progressCallback }) => {
      while (!progressCallback()) steps += 1;
      return null;
    });
    expect(syntaxOf(language, 'a', () => 'facts')).toBeUndefined();
    expect([steps, language.resets]).toEqual([factBounds.parseSteps, 1]);
  });

  it('says that the parser is lost when it aborted', () => {
    const language = loaded(() => { throw new Error('Aborted()'); });
    expect(() => syntaxOf(language, 'a', () => 'facts')).toThrow(expect.objectContaining({ code: 'CASC_PARSER_BROKEN', kind: 'terminal' }));
  });
});
