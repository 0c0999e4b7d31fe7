import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readObjectAnswer } from './object-answer.js';

const plan = {
  name: 'plan', limits: { files: 3, lines: 40 }, owner: { name: 'Ann', level: 'HIGH_RISK' }, end: 'END',
  steps: [{ id: 'a', kind: 'run', note: 'n', tags: ['x', 'y'] }, { id: 'b', kind: 'write', note: null, tags: [] }],
};
const read = (value: unknown) => readObjectAnswer('TestMakePlan', typeof value === 'string' ? value : JSON.stringify(value));
const step = (change: object) => ({ ...plan, steps: [plan.steps[0], { ...plan.steps[1], ...change }] });

describe('readObjectAnswer', () => {
  it('gives everything that a fitting answer holds', () => {
    expect(read(plan)).toEqual({ value: plan });
    expect(read(JSON.stringify(plan, null, 2))).toEqual({ value: plan });
  });

  it('accepts missing optional values, and the same word in another letter case or type', () => {
    const { owner: _owner, ...withoutOwner } = plan;
    expect(read(withoutOwner)).toEqual({ value: { ...plan, owner: null } });
    expect(read({ ...plan, owner: { name: 'Ann', level: 'high_risk' }, limits: { files: '3' } })).toMatchObject({ value: { owner: plan.owner, limits: { files: 3 } } });
  });

  it.each([
    ['a list item of an unknown kind', step({ kind: 'delete' }), 'answer.steps: 1 of 2 items'],
    ['a list item without a key', { ...plan, steps: [{ kind: 'run', tags: [] }] }, 'answer.steps: 1 of 1 items'],
    ['a list item that is prose', { ...plan, steps: [...plan.steps, 'and so on'] }, 'answer.steps: 1 of 3 items'],
    ['an object where a list belongs', { ...plan, steps: plan.steps[0] }, 'answer.steps: must be a list'],
    ['a missing list', { ...plan, steps: undefined }, 'answer.steps: must be a list, but is missing'],
    ['a missing list in an item', step({ tags: undefined }), 'answer.steps[1].tags: must be a list, but is missing'],
    ['a misspelled list', { ...plan, steps: undefined, step: plan.steps }, '"step" is not known here'],
    ['an optional object that does not fit', { ...plan, owner: { name: 'Ann', level: 'NONE' } }, 'answer.owner'],
    ['a map entry that does not fit', { ...plan, limits: { files: 3, lines: 'many' } }, 'answer.limits: the key "lines"'],
    ['a number that would be rounded', { ...plan, limits: { files: 3.7 } }, 'answer.limits.files: the number 3.7'],
    ['a number in prose', { ...plan, limits: { files: '3 files' } }, 'answer.limits'],
    ['a key that the schema does not have', { ...plan, remark: 'x' }, '"remark" is not known here'],
    ['a list where text belongs', { ...plan, name: ['plan'] }, 'answer.name: must be a string, but is a list'],
    ['an object where text belongs', { ...plan, name: { text: 'plan' } }, 'answer'],
    ['the answer in a list', [plan], 'answer'],
    ['the answer beneath another key', { plan }, 'schema'],
    ['a missing end', { ...plan, end: undefined }, 'schema: Missing required field: end'],
    ['nothing', {}, 'schema: Missing required field: name; Missing required field: end'],
  ])('refuses %s', (_name, value, problem) => {
    expect(read(value)).toEqual({ problems: expect.arrayContaining([expect.stringContaining(problem)]) });
  });

  const text = fc.string({ unit: fc.constantFrom('a', '"', '\\', ',', '{', ']', '\n', 'é', '👍', ' '), maxLength: 6 });
  const plans = fc.record({
    name: text,
    steps: fc.array(fc.record({ id: text, kind: fc.constantFrom('run', 'write'), note: fc.option(text), tags: fc.array(text, { maxLength: 3 }) }), { maxLength: 3 }),
    limits: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.nat(999), { maxKeys: 2 }),
    owner: fc.option(fc.record({ name: text, level: fc.constantFrom('LOW', 'HIGH_RISK') })),
    end: fc.constant('END'),
  });
  /** Everything but the content of texts and numbers and the names of map entries. */
  const shape = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shape);
    if (typeof value !== 'object' || value === null) return value === null ? null : typeof value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => (key === 'limits' ? [key, Object.keys(item as object).length] : [key, shape(item)])));
  };
  const layouts = fc.tuple(plans, fc.constantFrom(undefined, 1));

  it('never reads the beginning of an answer as an answer', () => {
    fc.assert(fc.property(layouts, ([value, indent]) => {
      const whole = JSON.stringify(value, null, indent);
      for (let length = 0; length < whole.length; length += 1) expect(read(whole.slice(0, length))).toHaveProperty('problems');
    }), { numRuns: 20 });
  });

  it('loses nothing when one character is missing, or refuses the answer', () => {
    const seen = { accepted: 0, refused: 0 };
    fc.assert(fc.property(layouts, ([value, indent]) => {
      const whole = JSON.stringify(value, null, indent);
      for (let at = 0; at < whole.length; at += 1) {
        const answer = read(whole.slice(0, at) + whole.slice(at + 1));
        seen['value' in answer ? 'accepted' : 'refused'] += 1;
        if ('value' in answer) expect(shape(answer.value)).toEqual(shape(value));
      }
    }), { numRuns: 20 });
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(100);
  });
});
