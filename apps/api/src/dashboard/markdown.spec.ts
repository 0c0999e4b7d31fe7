import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Inline } from './markdown-inline.js';
import { parseMarkdown, type Block } from './markdown.js';

const text = (parts: readonly Inline[]): string => parts.map((part) => ('text' in part ? part.text : text(part.parts))).join('');
const all = (blocks: readonly Block[]): string => blocks.map((block) => {
  if (block.kind === 'rule') return '';
  if (block.kind === 'code') return block.text;
  if (block.kind === 'quote') return all(block.blocks);
  if (block.kind === 'list') return block.items.map((item) => all(item.blocks)).join(' ');
  return block.kind === 'table' ? [block.head, ...block.rows].map((row) => row.map(text).join(' ')).join(' ') : text(block.parts);
}).join(' ');
const kinds = (source: string): string[] => parseMarkdown(source).map(({ kind }) => kind);

it('reads what our documents are made of', () => {
  expect(kinds('---\na: 1\n---\n# Title\n\npara\ngoes on\n\n> quote\n\n```js\n# no heading\n```\n\n---\n\n| a | b |\n|---|---|\n| 1 | 2 |\n')).toEqual(['code', 'heading', 'paragraph', 'quote', 'code', 'rule', 'table']);
  expect(parseMarkdown('- one\n  more\n  - two\n\n- [x] done\n3. other')).toMatchObject([
    { kind: 'list', isOrdered: false, items: [{ blocks: [{ kind: 'paragraph' }, { kind: 'list', items: [{}] }] }, { isDone: true, blocks: [{ parts: [{ text: 'done' }] }] }] },
    { kind: 'list', isOrdered: true, start: 3, items: [{}] },
  ]);
  expect(parseMarkdown('| a | `x|y` |\n|--|--|\n| b \\| c |')).toMatchObject([{ head: [[{ text: 'a' }], [{ kind: 'code', text: 'x|y' }]], rows: [[[{ text: 'b | c' }], []]] }]);
});

it('reads marks within a paragraph', () => {
  const [paragraph] = parseMarkdown('a **b *c* d** `**e**` ~~f~~ snake_case_name 2 * 3 * 4 \\*g\\* [h](https://x.y/z "t") <https://q.r>, https://s.t/u.');
  expect(paragraph).toMatchObject({ parts: [
    { text: 'a ' }, { kind: 'strong', parts: [{ text: 'b ' }, { kind: 'emphasis' }, { text: ' d' }] }, { text: ' ' }, { kind: 'code', text: '**e**' }, { text: ' ' }, { kind: 'struck' },
    { text: ' snake_case_name 2 * 3 * 4 *g* ' }, { kind: 'link', href: 'https://x.y/z' }, { text: ' ' }, { kind: 'link', href: 'https://q.r/' }, { text: ', ' }, { kind: 'link', href: 'https://s.t/u' }, { text: '.' },
  ] });
});

it('links to the web alone, and leaves HTML as text', () => {
  for (const target of ['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', '/v1/cascades', 'vbscript:x', '//evil', 'file:///etc/passwd']) {
    expect(JSON.stringify(parseMarkdown(`[click](${target}) <${target}>`))).not.toContain('"link"');
  }
  expect(parseMarkdown('<img src=x onerror=alert(1)>')).toEqual([{ kind: 'paragraph', parts: [{ kind: 'text', text: '<img src=x onerror=alert(1)>' }] }]);
});

it('takes any text, ends, and loses no word', () => {
  const word = fc.constantFrom('alpha', 'beta', '<script>', '# ', '- ', '1. ', '> ', '```', '~~~', '\n', '\n\n', '    ', '| ', '|--|', '**', '_', '`', '[x](y)', '---', '\\', '- [ ] ');
  fc.assert(fc.property(fc.array(word, { maxLength: 60 }), (words: readonly string[]) => {
    const shown = all(parseMarkdown(words.join('')));
    const cut: readonly string[] = ['```', '~~~', '|--|', '---'];
    for (const name of ['alpha', 'beta']) expect(shown.split(name).length).toBeGreaterThanOrEqual(words.includes(name) && !words.some((one) => cut.includes(one)) ? words.filter((one) => one === name).length + 1 : 1);
  }), { numRuns: 300 });
});

it('takes texts that are made to slow it down', () => {
  // Patterns without bounds would need longer than the test may.
  for (const evil of ['*', '[', '`', '> ', '**a ', '_a ', '~~a ', '`a', '- ', '|', '[a](']) expect(parseMarkdown(evil.repeat(40_000)).length).toBeGreaterThan(0);
});
