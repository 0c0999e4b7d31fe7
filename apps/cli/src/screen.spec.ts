import { describe, expect, it } from '@jest/globals';
import { harmless, oneLine } from './screen.js';

describe('text of others on the terminal', () => {
  it('cannot steer it', () => {
    expect(harmless('\u001b[2Jred\u0007\u009b31m\r\n\tok')).toBe('\\x1b[2Jred\\x07\\x9b31m\n\tok');
  });

  it('fits into its row', () => {
    expect(oneLine('a\n b\tc', 10)).toBe('a b c');
    expect(oneLine('abcdef', 4)).toBe('abc…');
    expect(oneLine('abcdef', 0)).toBe('…');
  });
});
