import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codeTokens } from './code-tokens.js';

describe('codeTokens', () => {
  it.each([
    ['parseJSONFile', ['pars', 'json', 'file', 'parsejsonfil']],
    ['snake_case_name', ['snak', 'case', 'name', 'snakecasenam']],
    ['__init__', ['init']],
    ['HTTPServer', ['http', 'server', 'httpserver']],
    ['MAX_SIZE', ['max', 'size', 'maxsiz']],
    ['utf8Text', ['utf', '8', 'text', 'utf8text']],
    ['sha256', ['sha', '256', 'sha256']],
    ['the files of a user', ['file', 'user']],
    ['isA', ['is', 'a', 'isa']],
    ['größeÄndern', ['größe', 'ändern', 'größeändern']],
    ['\u8A08\u7B97 of', ['\u8A08\u7B97']],
    ['a.b(c, d)', ['b', 'c', 'd']],
    ['\ud800x\udfff \0', ['x']],
    ['', []],
  ])('%j gives %j', (text, tokens) => {
    expect(codeTokens(text)).toEqual(tokens);
  });

  it('brings the forms of a word together', () => {
    for (const forms of [['parse', 'parses', 'parsed', 'parsing'], ['entry', 'entries'], ['match', 'matches'], ['drop', 'dropped', 'dropping'], ['class', 'classes']]) {
      expect(new Set(forms.flatMap(codeTokens)).size).toBe(1);
    }
  });

  it('finds an identifier however it is written', () => {
    const whole = codeTokens('readLockFile').at(-1);
    for (const form of ['readlockfile', 'read_lock_file', 'READ_LOCK_FILE', 'ReadLockFile']) expect(codeTokens(form)).toContain(whole);
  });

  it('gives terms that give themselves again, for any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
      for (const token of codeTokens(text)) {
        expect(token).not.toBe('');
        expect(token.isWellFormed()).toBe(true);
      }
      expect(codeTokens(text.toWellFormed())).toEqual(codeTokens(text));
    }), { seed: 21, numRuns: 100 });
  });
});
