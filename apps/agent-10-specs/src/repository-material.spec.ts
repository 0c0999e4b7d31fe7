import { describe, expect, it } from '@jest/globals';
import { fileSections, MAX_SOURCE_CHARS } from '@cascade/llm';
import { chooseFiles, MAX_LISTED_PATHS, MAX_SOURCE_FILES, pathsText } from './repository-material.js';
import { approved } from './testing/sample-feature.js';

const data = approved('shop-0123456789abcdef', 'a'.repeat(40));

describe('what prompts show of a repository', () => {
  it('is manifests, then what the stories cite, then a test, then the other sources', () => {
    const paths = ['README.md', 'docs/stories/1.1.read-a-code.md', 'docs/tool.js', 'node_modules/x/index.js', 'package-lock.json', 'package.json', 'specs/001-x/a.js', 'src/a.js', 'src/cart.js', 'test/cart.test.js', 'z.txt'];
    expect(chooseFiles(paths, data)).toEqual(['package.json', 'README.md', 'src/cart.js', 'test/cart.test.js', 'docs/tool.js', 'src/a.js']);
  });
  it('is bounded in files, characters and names, and says what is left out', () => {
    const many = Array.from({ length: 1000 }, (_, index) => `src/${String(index).padStart(4, '0')}.js`);
    expect(chooseFiles(many, data)).toHaveLength(MAX_SOURCE_FILES);
    expect(pathsText(many).split('\n')).toHaveLength(MAX_LISTED_PATHS + 1);
    expect(pathsText(many)).toContain(`(and ${1000 - MAX_LISTED_PATHS} more)`);
    const text = fileSections([{ path: 'a.js', text: 'a\n' }, { path: 'b.js', text: 'x'.repeat(MAX_SOURCE_CHARS) }, { path: 'c.js', text: 'c' }]);
    expect(text).toBe('--- a.js\na\n\n(b.js is not shown: too long)\n\n--- c.js\nc');
  });
  it('is never empty text', () => {
    expect(fileSections([])).toBe('(none)');
    expect(pathsText(['specs/001-x/spec.md'])).toBe('(none)');
  });
});
