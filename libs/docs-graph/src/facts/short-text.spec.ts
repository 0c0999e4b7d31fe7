import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { folded, shortened } from './short-text.js';

describe('shortened', () => {
  it('says what it left out', () => {
    expect(shortened('abc', 3)).toEqual({ text: 'abc', cut: false });
    expect(shortened('abcd', 3)).toEqual({ text: 'abc', cut: true });
  });

  it('never cuts a character in two', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.integer({ min: 1, max: 20 }), (text, limit) => {
      const { text: short } = shortened(text, limit);
      expect(short.isWellFormed()).toBe(true);
      expect(short.length).toBeLessThanOrEqual(limit);
      expect(text.startsWith(short)).toBe(true);
    }), { seed: 11 });
  });
});

describe('folded', () => {
  it('makes one line of several', () => {
    expect(folded('  a: string,\r\n\t b = 1\n')).toBe('a: string, b = 1');
  });
});
