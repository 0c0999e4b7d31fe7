import { describe, expect, it } from '@jest/globals';
import { readTextAnswer } from './text-answer.js';

describe('readTextAnswer', () => {
  it.each([
    ['plain text, unchanged', '  const a = `\\n`;\n', '  const a = `\\n`;\n'],
    ['one fence around the whole answer', '```ts\nconst a = 1;\n```\n', 'const a = 1;'],
    ['a longer fence that holds a shorter one', '````md\n```js\nx\n```\n````', '```js\nx\n```'],
    ['Markdown that begins and ends with a fence', '```js\na\n```\ntext\n```js\nb\n```', '```js\na\n```\ntext\n```js\nb\n```'],
    ['prose around a fence', 'See:\n```js\na\n```', 'See:\n```js\na\n```'],
    ['reasoning at the head', '<think>hm</think>answer', 'answer'],
  ])('takes %s', (_name, answer, value) => {
    expect(readTextAnswer(answer)).toEqual({ value });
  });

  it.each([['nothing', ' \n'], ['an empty fence', '```\n\n```'], ['only reasoning', '<think>hm</think>']])('refuses %s', (_name, answer) => {
    expect(readTextAnswer(answer)).toEqual({ problems: ['The answer is empty.'] });
  });

  it('refuses a text beyond its bound', () => {
    expect(readTextAnswer('x'.repeat(1_000_001))).toEqual({ problems: [expect.stringContaining('at most 1000000')] });
  });
});
