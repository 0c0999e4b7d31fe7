import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { editDistance, nearNames } from './near-names.js';

describe('nearNames', () => {
  it('gives exactly the names within the allowed edits, nearest first', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', 'C', '_'), minLength: 1, maxLength: 8 });
    fc.assert(fc.property(name, fc.uniqueArray(name, { maxLength: 12 }), (wanted, names) => {
      const allowed = Math.min(3, Math.ceil(wanted.length / 3));
      const distance = (other: string): number => editDistance(wanted.toLowerCase(), other.toLowerCase());
      const expected = names.filter((other) => distance(other) <= allowed).sort((a, b) => distance(a) - distance(b) || (a < b ? -1 : 1)).slice(0, 10);
      expect(nearNames(wanted, names)).toEqual(expected);
    }), { seed: 43 });
  });

  it('counts edits as Levenshtein did', () => {
    expect([editDistance('kitten', 'sitting'), editDistance('', 'abc'), editDistance('abc', 'abc'), editDistance('ab', 'ba')]).toEqual([3, 3, 0, 2]);
  });
});
