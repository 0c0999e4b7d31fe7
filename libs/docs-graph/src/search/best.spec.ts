import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Best } from './best.js';
import { byRank, type Hit } from './ranking.js';

describe('Best', () => {
  it('keeps what a sort would put first', () => {
    const hit = fc.record({ id: fc.string({ maxLength: 3 }), score: fc.integer({ min: 0, max: 4 }) });
    fc.assert(fc.property(fc.uniqueArray(hit, { selector: ({ id }) => id, maxLength: 30 }), fc.integer({ min: 1, max: 10 }), (hits, limit) => {
      const top = new Best<Hit>(limit, byRank);
      for (const one of hits) if (top.wants(one)) top.add(one);
      expect(top.sorted()).toEqual([...hits].sort(byRank).slice(0, limit));
    }), { seed: 23 });
  });
});
