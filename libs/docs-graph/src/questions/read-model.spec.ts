import { describe, expect, it } from '@jest/globals';
import { isCascadeError } from '@cascade/messages';
import fc from 'fast-check';
import { DocsReadModel } from './read-model.js';
import { changeBetween, sampleScope, slicesOf, state, type State } from './testing/random-graph.js';

const empty: State = { nodes: new Map(), edges: new Map() };

/** An answer, or the error in its place. */
function outcome(ask: () => unknown): unknown {
  try {
    return ask();
  } catch (error) {
    if (isCascadeError(error)) return error.toProblem();
    throw error;
  }
}

/** Everything that can be asked of the sample's symbols. */
function answers(model: DocsReadModel, ids: Iterable<string>): unknown[] {
  const names = ['lock', 'Door.lock', 'src/1.ts#open', '1.ts#n1', 'key', 'lokc'];
  const symbols = [...ids, ...names].flatMap((symbol) => [
    () => model.dependencies(symbol, 3), () => model.callers(symbol, 2), () => model.callers(symbol, 6), () => model.classMethods(symbol), () => model.impact(symbol, 6), () => model.describe(symbol),
  ]);
  const whole = [() => model.stats(), () => model.map(100), () => model.map(2000), () => model.search('lock door', 5), () => model.search('key', 20, ['class', 'document'])];
  return [...symbols, ...whole].map(outcome);
}

describe('DocsReadModel', () => {
  it('answers after any changes as if it had been loaded in one go', () => {
    fc.assert(fc.property(fc.array(state, { minLength: 1, maxLength: 6 }), (states) => {
      const changed = new DocsReadModel(sampleScope);
      let before = empty;
      for (const after of states) {
        changed.apply(changeBetween(before, after));
        before = after;
      }
      const loaded = new DocsReadModel(sampleScope);
      loaded.load(slicesOf(before));
      expect(answers(changed, before.nodes.keys())).toEqual(answers(loaded, before.nodes.keys()));
    }), { seed: 41, numRuns: 60 });
  });

  it('keeps nothing of what was removed', () => {
    fc.assert(fc.property(fc.array(state, { minLength: 1, maxLength: 4 }), (states) => {
      const model = new DocsReadModel(sampleScope);
      let before = empty;
      for (const after of [...states, empty]) {
        model.apply(changeBetween(before, after));
        before = after;
      }
      const inside = model as unknown as { graph: { numbers: Map<string, number>; words: { size: number } } };
      expect([inside.graph.numbers.size, inside.graph.words.size]).toEqual([0, 0]);
      expect(model.stats().edges).toEqual({ CONTAINS: 0, DEPENDS_ON: 0, IMPORTS: 0, INHERITS: 0, DOCUMENTS: 0, TESTS: 0 });
    }), { seed: 42, numRuns: 60 });
  });
});
