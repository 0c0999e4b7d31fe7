import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { escapeInline, escapeText, parseTableRow, tableRow, tidyExample, tidyLine, tidyText, unescapeInline, unescapeText } from './inline-text.js';
import { splitSections } from './sections.js';
import { lineArbitrary } from './testing/arbitraries.js';

describe('inline text', () => {
  it('comes back from Markdown as it was', () => {
    fc.assert(fc.property(lineArbitrary, (text) => {
      expect(unescapeInline(escapeInline(text))).toBe(text);
      expect(unescapeInline(escapeInline(text, '[]|)'))).toBe(text);
    }));
  });

  it('comes back from a table', () => {
    fc.assert(fc.property(fc.array(lineArbitrary, { minLength: 1, maxLength: 5 }), (cells) => {
      expect(parseTableRow(tableRow(cells))).toEqual(cells);
    }));
  });

  it('comes back from paragraphs and never starts a heading, a list or a fence', () => {
    fc.assert(fc.property(fc.array(lineArbitrary, { minLength: 1, maxLength: 4 }), (paragraphs) => {
      const text = tidyText(paragraphs.join('\n\n'));
      const markdown = escapeText(text);
      expect(unescapeText(markdown)).toBe(text);
      expect(splitSections(`# T\n\n${markdown}\n\n# U`).map((section) => section.title)).toEqual(['T', 'U']);
    }));
  });

  it('hides no text as a tag or comment', () => {
    expect(escapeInline('a <!-- b --> <script> 1 < 2')).toBe('a \\<!-- b --> \\<script> 1 < 2');
  });

  it('tidies to one line, and twice changes nothing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      const line = tidyLine(text);
      expect(line).not.toMatch(/[\r\n\t\u0085\u2028\u2029]/);
      expect(tidyLine(line)).toBe(line);
      expect(tidyExample(tidyExample(text))).toBe(tidyExample(text));
    }));
  });

  it('keeps runs of spaces and an example\'s line breaks, because an expected output may be made of them', () => {
    expect(tidyLine(' Mug     12.90 \t x\n  y ')).toBe('Mug     12.90 x y');
    expect(tidyExample('`Mug     12.90\r\nTotal   12.90`\n')).toBe('`Mug     12.90\\nTotal   12.90`');
  });
});
