import { describe, expect, it } from '@jest/globals';
import { cleanComment, cleanDocstring } from './doc-comment.js';

describe('cleanComment', () => {
  it.each([
    ['/** One line. */', 'One line.'],
    ['/**\n * Two\n *\n *   indented\n */', 'Two\n\n  indented'],
    ['/* plain */', 'plain'],
    ['// a\n// b', 'a\nb'],
    ['/// Rust\n/// # Errors', 'Rust\n# Errors'],
    ['# python', 'python'],
    ['/** a\n   * b **/', 'a\nb'],
    ['/** 2 * 3 */', '2 * 3'],
    ['// eslint-disable-next-line\n// real', 'real'],
    ['//go:noinline', ''],
    ['/**/', ''],
  ])('%j says %j', (text, said) => {
    expect(cleanComment(text)).toBe(said);
  });
});

describe('cleanDocstring', () => {
  it.each([
    ['"""One."""', 'One.'],
    ['r"""Raw \\d."""', 'Raw \\d.'],
    ["'single'", 'single'],
    ['"""First.\n\n    Args:\n        x: it\n    """', 'First.\n\nArgs:\n    x: it'],
    ['"""\n    Below.\n    """', 'Below.'],
    ['""""""', ''],
  ])('%j says %j', (text, said) => {
    expect(cleanDocstring(text)).toBe(said);
  });
});
