import { expect, it } from '@jest/globals';
import { boundedDiff, MAX_DIFF_CHARS } from './bounded-diff.js';

const numbered = (from: number, to: number): string => Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join('');

it('shows what changed with three lines around it, and files that came and went', () => {
  const before = { 'a.js': numbered(1, 20), 'gone.js': 'x\n', 'same.js': 's\n', 'new.js': undefined };
  const after = { ...before, 'a.js': `${numbered(1, 9)}other\n${numbered(11, 20)}`, 'gone.js': undefined, 'new.js': 'n\n' };
  expect(boundedDiff(['a.js', 'gone.js', 'same.js', 'new.js'], before, after)).toBe([
    'changed file a.js', ' line 7', ' line 8', ' line 9', '-line 10', '+other', ' line 11', ' line 12', ' line 13', 'deleted file gone.js', 'new file new.js', '+n',
  ].join('\n'));
});

it('is nothing when nothing changed, and right when lines repeat', () => {
  expect(boundedDiff(['a'], { a: 'x\n' }, { a: 'x\n' })).toBe('');
  expect(boundedDiff(['a'], { a: 'x\nx\n' }, { a: 'x\nx\nx\n' })).toBe('changed file a\n x\n x\n+x');
});

it('says what it leaves out', () => {
  const paths = Array.from({ length: 6 }, (_, index) => `${index}.js`);
  const text = boundedDiff(paths, {}, Object.fromEntries(paths.map((path) => [path, 'word '.repeat(50).concat('\n').repeat(100)])));
  expect(text.length).toBeLessThan(MAX_DIFF_CHARS + 200);
  expect(text).toContain('(the rest of 0.js is not shown)');
  expect(text).toMatch(/\n\(not shown: 3\.js, 4\.js, 5\.js\)$/);
});
