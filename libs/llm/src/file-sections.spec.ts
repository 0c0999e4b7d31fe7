import { describe, expect, it } from '@jest/globals';
import { fileFit, fileSections, MAX_SOURCE_CHARS } from './file-sections.js';

const files = [{ path: 'a.js', text: 'a\n' }, { path: 'b.js', text: 'b'.repeat(MAX_SOURCE_CHARS) }, { path: 'c.js', text: 'c\n' }];

describe('files in a prompt', () => {
  it('are shown whole as long as they fit, and named otherwise; what is known of others comes after them', () => {
    expect(fileFit(files)).toEqual({ shown: ['a.js', 'c.js'], left: ['b.js'] });
    expect(fileSections(files, 'b.js has b()')).toBe('--- a.js\na\n\n(b.js is not shown: too long)\n\n--- c.js\nc\n\nb.js has b()');
    expect([fileSections([]), fileSections([], 'x')]).toEqual(['(none)', 'x']);
  });
});
