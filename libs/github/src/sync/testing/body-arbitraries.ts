import fc from 'fast-check';
import { Marks } from '../marks.js';

export const marks = new Marks('secret');
export const stranger = new Marks('another secret');
export const key = 'repo-shop_branch-main_epics-1-discounts';
export const otherKey = 'repo-shop_branch-main_epics-2-returns';

/** Everything that a person could write that looks like a part of what Cascade writes, whole and torn. */
const pieces = [
  marks.begin(key, 'text'), marks.end(key), marks.issue(key), marks.begin(otherKey, 'text'), marks.end(otherKey), marks.issue(otherKey),
  stranger.begin(key, 'text'), stranger.end(key), stranger.issue(key), marks.comment('c1'),
  '<!-- cascade:begin', '<!-- cascade:end', '<!--', '-->', '<!-- x -->', marks.begin(key, 'text').slice(0, 40), marks.begin(key, 'text').slice(40),
  '`', '```', '~~~', '- [ ] **AC1** mine', '- [x] **FR1** mine', '\n', '\r\n', '\n\n', ' ', '\t', '\\', '&lt;', '<details>', '| a | b |', '### Goal', '> quote', '\u200b', '\u2028',
];
export const peopleArbitrary = fc.array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...pieces) }, { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) }), { maxLength: 14 }).map((parts) => parts.join(''));

/** Without a whole block of this item: what stands before it in an issue. */
export const blocklessArbitrary = peopleArbitrary.filter((text) => marks.blockMarks(key, text).length === 0);
