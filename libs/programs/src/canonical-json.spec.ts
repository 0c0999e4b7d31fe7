import { describe, expect, it } from '@jest/globals';
import type { Program } from '@cascade/contracts';
import fc from 'fast-check';
import { canonicalJson, programHash } from './canonical-json.js';
import { parseProgram } from './check-program.js';

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).toReversed().map(([name, member]) => [name, shuffled(member)]));
};

const sample: Program = {
  format: 'cascade-program/1', id: 't001', storyId: '1.1',
  task: { id: 'T001', phase: 'story', storyId: '1.1', kind: 'code', parallel: false, title: 'Add it', paths: ['src/a.js'], criteria: [1], dependsOn: [], tests: [] },
  predictors: [{
    name: 'implement', strategy: 'predict', demos: [], constraints: [],
    signature: { name: 'Implement', instructions: 'Write.', inputs: [{ name: 'task', description: '', type: { kind: 'string' } }], outputs: [{ name: 'files', description: '', type: { kind: 'files' } }] },
  }],
  module: { kind: 'single', predictor: 'implement' }, allowedPaths: ['src/a.js'], contextPaths: [], interface: [], dependsOn: [], tests: [], parallel: false, tddRequired: true, specHash: 'a'.repeat(64),
};

describe('canonical JSON', () => {
  it('is JSON, and the same whatever the order of keys', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value));
    }));
    expect(() => canonicalJson({ a: Number.NaN })).toThrow(expect.objectContaining({ code: 'CASC_NOT_JSON' }));
  });

  it('identifies programs', () => {
    expect(programHash(shuffled(sample) as Program)).toBe(programHash(sample));
    expect(programHash({ ...sample, allowedPaths: ['src/b.js'] })).not.toBe(programHash(sample));
  });
});

describe('parseProgram', () => {
  it('takes a name that an entry point exports again, and refuses one that a file exports twice', () => {
    const entry = { path: 'src/cart.js', name: 'cart', kind: 'function', signature: 'cart()', behaviour: ['is a cart'], methods: [] } as const;
    const again = { ...entry, path: 'src/index.js' };
    expect(parseProgram({ ...sample, interface: [entry, again] }).interface).toHaveLength(2);
    expect(() => parseProgram({ ...sample, interface: [entry, entry] })).toThrow('the interface names cart from src/cart.js twice');
  });

  it('takes a valid program and names what does not fit together', () => {
    expect(parseProgram(JSON.parse(JSON.stringify(sample)))).toEqual(sample);
    const broken = structuredClone(sample) as { -readonly [K in keyof Program]: Program[K] };
    broken.module = { kind: 'single', predictor: 'other' };
    broken.predictors[0]?.signature.inputs.push({ name: 'files', description: '', type: { kind: 'string' } });
    broken.predictors[0]?.demos.push({ nothing: 1 });
    expect(() => parseProgram(broken)).toThrow(/unknown predictor other.*two fields are named files.*unknown field nothing/);
    expect(() => parseProgram({ ...sample, allowedPaths: ['../x'] })).toThrow(expect.objectContaining({ code: 'CASC_PROGRAM_INVALID' }));
  });
});
