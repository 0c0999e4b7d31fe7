import { describe, expect, it } from '@jest/globals';
import { answerBounds, readStrictJson, withoutReasoning } from './strict-json.js';

const fence = (text: string): string => `\`\`\`json\n${text}\n\`\`\``;

describe('readStrictJson', () => {
  it.each([
    ['bare', '{"a":"\\u0041\\n"}', { a: 'A\n' }],
    ['a list', '[1]', [1]],
    ['with space and a byte order mark', '\uFEFF \n{"a":1}\n', { a: 1 }],
    ['in one fence', fence('{"a":1}'), { a: 1 }],
    ['in one fence, with prose around it', `Here it is:\n${fence('{"a":1}')}\nDone.`, { a: 1 }],
    ['in a fence, holding fences', fence('{"a":"```js\\nx\\n```"}'), { a: '```js\nx\n```' }],
    ['after reasoning that holds JSON', '<think>{"a":"wrong"}</think>\n{"a":1}', { a: 1 }],
    ['with a key named as a prototype', '{"__proto__":{"a":1}}', JSON.parse('{"__proto__":{"a":1}}')],
    ['with braces and colons in strings', '{"a":"}]{[\\":","b":":"}', { a: '}]{[":', b: ':' }],
  ])('reads JSON %s', (_name, answer, value) => {
    expect(readStrictJson(answer)).toMatchObject({ ok: true, value });
  });

  it.each([
    ['nothing', ' ', 'empty'],
    ['reasoning without an end', '<think>{"a":1}', 'empty'],
    ['a number', '3', 'not a JSON object'],
    ['prose', 'I cannot do that.', 'not one strict JSON value'],
    ['two values', '{"a":1}{"a":2}', 'not one strict JSON value'],
    ['two fences', `${fence('{"a":1}')}\n${fence('{"a":2}')}`, 'not one strict JSON value'],
    ['a cut object', '{"a":[1,2', 'not one strict JSON value'],
    ['a trailing comma', '{"a":1,}', 'not one strict JSON value'],
    ['a key given twice', '{"a":[1],"a":[]}', '"a" is given twice'],
    ['a key given twice in two spellings', '{"a":[1],"\\u0061":[]}', '"a" is given twice'],
    ['brackets', '['.repeat(100_000), 'nested deeper'],
    ['deep JSON', `${'['.repeat(41)}${']'.repeat(41)}`, 'nested deeper'],
    ['too many lists', `[${'[],'.repeat(answerBounds.openers)}[]]`, 'more than 1000 objects'],
    ['too much', `{"a":"${'x'.repeat(answerBounds.chars)}"}`, 'at most 1000000'],
  ])('refuses %s', (_name, answer, problem) => {
    expect(readStrictJson(answer)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
  });

  it('accepts the same key in neighbouring objects', () => {
    expect(readStrictJson('[{"a":{"a":1}},{"a":2}]').ok).toBe(true);
  });

  it('does not repeat the answer in its problem, which goes into a prompt', () => {
    const answer = `{"a": ${'secret '.repeat(50)}}`;
    expect(JSON.stringify(readStrictJson(answer))).not.toContain('secret secret');
  });
});

describe('withoutReasoning', () => {
  it('leaves the same tag alone where it is content', () => {
    expect(withoutReasoning('const a = "<think>x</think>";')).toBe('const a = "<think>x</think>";');
  });
});
