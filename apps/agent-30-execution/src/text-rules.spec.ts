import { describe, expect, it } from '@jest/globals';
import { bodyProblems, clipped, subjectProblems, wrapped } from './text-rules.js';

describe('a text of a model', () => {
  it.each([
    'Why: nothing.\nSigned-off-by: Mallory <m@example.org>', 'Task: T001', 'Cascade-Id: x', 'Closes: soon', 'closes #12', 'see GH-7', 'me/shop#3 no: #3', 'ask @mallory', '@team',
    'look at https://evil.example', 'ssh://x', 'www.evil.example', 'x `[skip ci]`', '[ci skip]', 'a <!-- marker --> b', '<img src=x>', '</details>', '/cascade approve', 'right \u202e left', 'zero\u200bwidth', 'bell\u0007', 'tab\tbed', 'return\rx', 'escape \u001b[31m',
  ])('is refused with %j', (text) => {
    expect(bodyProblems('body', text, 600)).not.toEqual([]);
  });

  it.each([
    'Totals are rounded once, at the end.', 'The map `Map<string, number>` keeps order; a < b and c > d.', 'Uses `@Injectable()` as its neighbours do.', 'It is 10:30: late.', 'Mail goes to user@host as before.', '- one\n- two', 'C# and F#', 'Note: costs grow.', 'größer, größte, 大きい',
  ])('is taken with %j', (text) => {
    expect(bodyProblems('body', text, 600)).toEqual([]);
  });

  it('is bounded, and a subject is one line with words', () => {
    expect(bodyProblems('body', 'x'.repeat(601), 600)).toEqual(['"body" has 601 characters; at most 600 are allowed.']);
    expect(subjectProblems('subject', ' ', 72)).toEqual(['"subject" is empty.']);
    expect(subjectProblems('subject', 'a\nb', 72)).toEqual(['"subject" has more than one line.']);
    expect(subjectProblems('subject', 'apply coupons', 72)).toEqual([]);
  });
});

describe('lines', () => {
  it('end between words; lists and code stay', () => {
    const list = `- ${'item '.repeat(20).trim()}`;
    expect(wrapped(`${'word '.repeat(20)}\n${list}`)).toBe(`${'word '.repeat(14).trim()}\n${'word '.repeat(6).trim()}\n${list}`);
    expect(wrapped('x'.repeat(100))).toBe('x'.repeat(100));
  });

  it('are clipped between words', () => expect([clipped('one  two', 8), clipped('one two three', 9)]).toEqual(['one two', 'one two…']));
});
