import { describe, expect, it } from '@jest/globals';
import type { Predictor, ProgramField } from '@cascade/contracts';
import fc from 'fast-check';
import { parseAnswer, renderAnswer, renderPrompt, type Values } from './chat-adapter.js';
import type { FileChange } from './file-changes.js';

const field = (name: string, type: ProgramField['type'], optional = false): ProgramField => ({ name, description: `the ${name}`, type, optional });
const predictor: Predictor = {
  name: 'implement', strategy: 'chainOfThought', demos: [], constraints: [],
  signature: {
    name: 'Implement', instructions: 'Write the code.',
    inputs: [field('task', { kind: 'string' })],
    outputs: [field('files', { kind: 'files' }), field('count', { kind: 'integer' }), field('ok', { kind: 'boolean' }), field('level', { kind: 'enum', values: ['low', 'high'] }), field('names', { kind: 'array', of: { kind: 'string' } }), field('testDispute', { kind: 'string' }, true)],
  },
};

const nasty = ['```', '```js', '[[ ## files ## ]]', '[[ ## completed ## ]]', '\\[[ ## count ## ]]', '[[ ## other ## ]] x', '<<<END FILE>>>', '\\<<<END FILE>>>', '<<<FILE a.js>>>', '<<<SEARCH>>>', '<<<REPLACE>>>', '<<<END EDIT>>>', '{"a": ["b\\n"]}', '$& $1', '', '  indented', 'const x = `${y}`;'];
const codeLine = fc.oneof(fc.constantFrom(...nasty), fc.string().map((text) => text.replaceAll(/[\r\n]/g, '')));
const code = fc.array(codeLine, { maxLength: 12 }).map((lines) => (lines.length === 0 ? '' : `${lines.join('\n')}\n`));
const path = fc.constantFrom('src/a.js', 'b.py', 'deep/er/c d.ts');
const change: fc.Arbitrary<FileChange> = fc.oneof(
  fc.record({ kind: fc.constant('whole' as const), path, text: code }),
  fc.record({ kind: fc.constant('edit' as const), path, edits: fc.array(fc.record({ search: code, replace: code }), { minLength: 1, maxLength: 3 }) }),
);
const trimmed = (text: string): string => text.replaceAll('\r\n', '\n').trim();
const values: fc.Arbitrary<Values> = fc.record({
  reasoning: fc.array(codeLine, { maxLength: 5 }).map((lines) => trimmed(lines.join('\n'))),
  files: fc.uniqueArray(change, { selector: (item) => item.path, minLength: 1, maxLength: 3 }),
  count: fc.integer(), ok: fc.boolean(), level: fc.constantFrom('low', 'high'), names: fc.array(fc.string()),
});

describe('chat adapter', () => {
  it('reads back every value that it writes, whatever the code contains', () => {
    fc.assert(fc.property(values, (given) => {
      expect(parseAnswer(predictor, renderAnswer(predictor, given))).toEqual({ values: given, problems: [] });
    }), { numRuns: 300 });
  });

  it('reads the same from CRLF answers and with talk around the fields', () => {
    const given = { reasoning: 'because', files: [{ kind: 'whole', path: 'a.js', text: 'x\n' }], count: 1, ok: true, level: 'low', names: [] };
    const answer = `Sure!\n\n${renderAnswer(predictor, given)}\nHope that helps.`;
    expect(parseAnswer(predictor, answer.replaceAll('\n', '\r\n'))).toEqual({ values: given, problems: [] });
  });

  it('never takes any cut of an answer for the whole', () => {
    const given = { reasoning: 'r', files: [{ kind: 'whole', path: 'a.js', text: 'one\ntwo\n' }], count: 12, ok: true, level: 'low', names: ['n'] };
    const answer = renderAnswer(predictor, given);
    for (let length = 0; length < answer.length - 1; length += 1) expect(parseAnswer(predictor, answer.slice(0, length)).problems).not.toEqual([]);
  });

  it('names each problem of a bad answer', () => {
    const { problems } = parseAnswer(predictor, '[[ ## reasoning ## ]]\nr\n[[ ## files ## ]]\n<<<FILE ../up>>>\nx\n<<<END FILE>>>\n[[ ## count ## ]]\nmany\n[[ ## ok ## ]]\nmaybe\n[[ ## level ## ]]\nmedium\n[[ ## level ## ]]\nlow\n[[ ## names ## ]]\n[1]');
    expect(problems).toHaveLength(7);
    expect(problems.join('\n')).toMatch(/appears twice[^]*"\.\.\/up"[^]*an integer[^]*True or False[^]*low; high[^]*names\[0\][^]*completed/);
  });

  it('gives equal prompts for equal inputs, with demonstrations and a hint in their places', () => {
    const shown = { ...predictor, demos: [{ task: 'demo task', files: [{ kind: 'whole', path: 'd.js', text: 'demo\n' }] }] };
    const prompt = renderPrompt(shown, { task: 'the task', hint: '1 of 2 tests pass' });
    expect(renderPrompt(structuredClone(shown), { hint: '1 of 2 tests pass', task: 'the task' })).toEqual(prompt);
    expect(prompt.system).toContain('Example 1:\n\nThis is an example of the task, though some input or output fields are not supplied.\n\n[[ ## task ## ]]\ndemo task');
    expect(prompt.system).toContain('<<<FILE d.js>>>\ndemo\n<<<END FILE>>>');
    expect(prompt.user).toMatch(/^\[\[ ## task ## \]\]\nthe task\n\n\[\[ ## hint ## \]\]\n1 of 2 tests pass\n\nRespond with/);
    expect(renderPrompt(predictor, { task: 't' }).system).not.toContain('hint');
  });
});
