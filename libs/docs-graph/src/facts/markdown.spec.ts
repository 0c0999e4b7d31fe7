import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { factBounds } from './bounds.js';
import { documentFacts } from './file-facts.js';
import { readMarkdown } from './markdown.js';

const outline = (text: string): string[] => readMarkdown('a.md', text).pages.map((page) => `${page.startLine}-${page.endLine} ${page.key}: ${page.text.replaceAll('\n', '|')}`);

describe('readMarkdown', () => {
  it('gives each section with the headings above it', () => {
    expect(outline('Before.\n\n# Shop\n\nSells.\n\n## Doors ##\nOpen.\n### Lock\n\n## Doors\nShut.\n# End')).toEqual([
      '1-1 : Before.', '3-5 Shop: Sells.', '7-8 Shop > Doors: Open.', '9-9 Shop > Doors > Lock: ', '11-12 Shop > Doors~2: Shut.', '13-13 End: ',
    ]);
    expect(readMarkdown('a.md', '# A\n### B').pages[1]).toMatchObject({ title: 'B', headings: ['A', 'B'] });
  });

  it('knows headings that are underlined', () => {
    expect(outline('Shop\n====\ntext\n\nDoor\n---\n\n- item\n---\nrest')).toEqual(['1-3 Shop: text', '5-10 Shop > Door: - item|---|rest']);
  });

  it('takes headings in fences, comments and front matter as text', () => {
    expect(outline('---\n# title: x\n---\n# A\n```sh\n# no\n~~~\n````\n<!--\n# no\n-->\n# B\n<!-- one line -->\n# C')).toEqual([
      '1-3 : ---|# title: x|---', '4-11 A: ```sh|# no|~~~|````|<!--|# no|-->', '12-13 B: <!-- one line -->', '14-14 C: ',
    ]);
  });

  it('leaves marks out of titles', () => {
    expect(readMarkdown('a.md', '# The `run()` of [*Shop*](x.md) \\# 1').pages[0]?.title).toBe('The run() of Shop # 1');
  });

  it('cuts what is too long, and says so', () => {
    const facts = readMarkdown('a.md', `# A\n${'x'.repeat(factBounds.section + 1)}`);
    expect(facts.cut).toEqual(['section']);
    expect(readMarkdown('a.md', '# a\n'.repeat(factBounds.sections + 1))).toMatchObject({ cut: ['sections'], pages: { length: factBounds.sections } });
  });

  it('loses no line of any document', () => {
    const line = fc.constantFrom('# A', '## B', '####### no', 'text', '', '===', '---', '```', '~~~~', '<!--', '-->', '- a', '    # code', '\ud83d\ude00', '#', '> q');
    fc.assert(fc.property(fc.array(line, { maxLength: 25 }), (lines) => {
      const facts = documentFacts.parse(readMarkdown('a.md', lines.join('\n')));
      expect(new Set(facts.pages.map((page) => page.key)).size).toBe(facts.pages.length);
      let last = 0;
      for (const page of facts.pages) {
        expect(page.startLine).toBeGreaterThan(last);
        expect(page.endLine).toBeLessThanOrEqual(lines.length);
        last = page.endLine;
        for (const one of page.text.split('\n')) expect([...lines, '']).toContain(one === one.trim() ? lines.find((given) => given.trim() === one) ?? one : one);
      }
    }), { seed: 12, numRuns: 150 });
  });

  it('gives one key to each section, whatever their titles look like', () => {
    expect(readMarkdown('a.md', '# a\n# a\n# a~2\n# a > b\n# a\n## b\n').pages.map(({ key }) => key)).toEqual(['a', 'a~2', 'a~2~2', 'a > b', 'a~3', 'a > b~2']);
  });
});
