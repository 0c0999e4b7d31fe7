import { describe, expect, it } from '@jest/globals';
import { retryable } from '@cascade/messages';
import fc from 'fast-check';
import { smallId, smallModel } from '../questions/testing/small-graph.js';
import { type Embedder, embeddingBounds } from './embedder.js';
import { fusedSearch } from './fused-search.js';
import { cosine, quantised } from './quantised.js';
import { reciprocalRanks } from './reciprocal-ranks.js';
import { VectorIndex } from './vector-index.js';

/** Stands in for a model: a text's place is how much of it is about doors and how much about windows. */
class TwoWords implements Embedder {
  readonly asked: (readonly string[])[] = [];
  broken: (() => never) | undefined;
  embed(texts: readonly string[]): Promise<number[][]> {
    this.broken?.();
    this.asked.push(texts);
    return Promise.resolve(texts.map((text) => [text.match(/door|gate/gi)?.length ?? 0, text.match(/window|pane/gi)?.length ?? 0, 0.01]));
  }
}

const model = smallModel({ at: 'a.ts#door' }, { at: 'a.ts#gate' }, { at: 'a.ts#Pane', docs: 'Of a window.' }, { at: 'a.ts#window' });

describe('fusedSearch', () => {
  it('finds by nearness what no word names, and by words what is not near', async () => {
    const vectors = new VectorIndex(new TwoWords());
    await vectors.hold(model.texts());
    const { hits, how, notices } = await fusedSearch(model, vectors, 'door', 2);
    expect([hits.map(({ id }) => id), how, notices]).toEqual([[smallId('a.ts#door'), smallId('a.ts#gate')], 'fused', []]);
    expect((await fusedSearch(model, vectors, 'window', 5, ['class'])).hits.map(({ name }) => name)).toEqual(['Pane']);
    expect(await fusedSearch(model, undefined, 'door', 2)).toMatchObject({ how: 'words', hits: [{ name: 'door' }] });
  });

  it('answers by words and says so when the embedder fails, or answers nonsense', async () => {
    const embedder = new TwoWords();
    const vectors = new VectorIndex(embedder);
    await vectors.hold(model.texts());
    embedder.broken = () => { throw retryable('CASC_EMBEDDINGS_FAILED', 'no answer'); };
    expect(await fusedSearch(model, vectors, 'door', 5)).toMatchObject({ hits: [{ name: 'door' }], how: 'words', notices: [expect.stringContaining('CASC_EMBEDDINGS_FAILED')] });
    for (const answer of [[], [[NaN]], [[]], [['x']], [Array.from({ length: embeddingBounds.dimensions + 1 }, () => 1)]]) {
      const odd = new VectorIndex({ embed: () => Promise.resolve(answer as number[][]) });
      expect(await fusedSearch(model, odd, 'door', 5)).toMatchObject({ how: 'words', notices: [expect.stringContaining('CASC_EMBEDDINGS_INVALID')] });
    }
  });

  it('asks for each text once, in batches, and goes on after a failure', async () => {
    const embedder = new TwoWords();
    const vectors = new VectorIndex(embedder);
    const texts = Array.from({ length: 150 }, (_, number) => ({ id: `id${number}`, text: `door ${number % 140}` }));
    await vectors.hold(texts);
    expect(embedder.asked.map(({ length }) => length)).toEqual([64, 64, 12]);
    await vectors.hold(texts.slice(1));
    expect(embedder.asked.length).toBe(3);
    embedder.broken = () => { throw retryable('CASC_EMBEDDINGS_FAILED', 'no answer'); };
    await expect(vectors.hold([...texts, { id: 'new', text: 'gate' }])).rejects.toThrow('no answer');
    embedder.broken = undefined;
    await vectors.hold([...texts, { id: 'new', text: 'gate' }]);
    expect(embedder.asked.at(-1)).toEqual(['gate']);
    await vectors.hold([{ id: 'id1', text: 'door 1' }]);
    expect((await vectors.nearest('door', 200)).map(({ id }) => id)).toEqual(['id1']);
  });

  it('keeps cosines in one byte per number', () => {
    const vector = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 64, maxLength: 64 });
    fc.assert(fc.property(vector, vector, (a, b) => {
      const product = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, one, at) => sum + one * (y[at] ?? 0), 0);
      fc.pre(product(a, a) > 1e-6 && product(b, b) > 1e-6);
      expect(cosine(quantised(a), quantised(b))).toBeCloseTo(product(a, b) / Math.sqrt(product(a, a) * product(b, b)), 1);
    }), { seed: 46 });
  });

  it('joins rankings by places', () => {
    const hits = (...ids: string[]) => ids.map((id, at) => ({ id, score: 100 - at }));
    expect(reciprocalRanks([hits('a', 'b', 'c'), hits('c', 'b')], 3).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
    expect(reciprocalRanks([hits('a'), hits('b')], 1)).toEqual([{ id: 'a', score: 1 / 61 }]);
  });
});
