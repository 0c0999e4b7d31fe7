import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { smallModel } from './testing/small-graph.js';
import { SyntheticScope } from './testing/synthetic-scope.js';
import { DocsReadModel } from './read-model.js';

describe('repositoryMap', () => {
  it('names first what most depends on, by file and line, and no tests', () => {
    const model = smallModel(
      { at: 'a.ts#helper', line: 30 }, { at: 'a.ts#first', line: 2, calls: ['a.ts#helper'] }, { at: 'b.ts#second', calls: ['a.ts#helper', 'b.ts#Box'] },
      { at: 'b.ts#Box', line: 9 }, { at: 'a.spec.ts#testFirst', calls: ['a.ts#first'] },
    );
    expect(model.map(100)).toEqual({
      text: 'a.ts\n  2 first(): void\n  30 helper(): void\nb.ts\n  1 second(): void\n  9 class Box\n', tokens: 21, counts: { files: 2, symbols: 4, ofFiles: 2, ofSymbols: 4 },
    });
    expect(model.map(7).text).toBe('a.ts\n  30 helper(): void\n');
    expect(model.map(1)).toMatchObject({ text: '', tokens: 0 });
  });

  it('never has more tokens than it may', () => {
    const sample = new SyntheticScope({ functions: 400, callsPerFunction: 3, vocabulary: 200 }, 3);
    const model = new DocsReadModel(sample.scope);
    model.load(sample.slices());
    fc.assert(fc.property(fc.integer({ min: 1, max: 20_000 }), (tokens) => {
      const { text, tokens: said, counts } = model.map(tokens);
      expect(said).toBeLessThanOrEqual(tokens);
      expect([Math.ceil(text.length / 4), text.split('\n').filter((line) => line.startsWith('  ')).length]).toEqual([said, counts.symbols]);
    }), { seed: 44, numRuns: 60 });
    for (const tokens of [0, 1.5, 20_001, NaN]) expect(() => model.map(tokens)).toThrow(expect.objectContaining({ code: 'CASC_QUESTION_INVALID' }));
  });
});
