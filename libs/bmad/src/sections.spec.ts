import { describe, expect, it } from '@jest/globals';
import { splitSections } from './sections.js';

describe('splitSections', () => {
  it('reads headings and bodies, whatever the line ends are', () => {
    expect(splitSections('# A\r\n\r\ntext\r\n## B ##x\r\nmore\r\n')).toEqual([{ level: 1, title: 'A', body: 'text' }, { level: 2, title: 'B ##x', body: 'more' }]);
  });

  it('takes headings inside a fence as text, until the same fence closes', () => {
    const sections = splitSections('# A\n````\n# no\n```\n# no either\n````\n# B');
    expect(sections.map((section) => section.title)).toEqual(['A', 'B']);
  });
});
