import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GUARD_EVERY, readPlan } from './read-plan.js';

const shape = fc.record({ lanes: fc.integer({ min: 1, max: 6 }), streams: fc.integer({ min: 1, max: 12 }), from: fc.nat({ max: 1_000_000 }) });

describe('readPlan', () => {
  it('lets no lane wait longer for the first choice than its bound, wherever one begins to count', () => {
    fc.assert(fc.property(shape, ({ lanes, streams, from }) => {
      const bound = GUARD_EVERY * Math.max(1, lanes - 1);
      const chosen = new Set(Array.from({ length: bound }, (_, index) => readPlan(from + index, lanes, streams).firstLane));
      expect(chosen.size).toBe(lanes);
    }));
  });

  it('lets no stream wait longer for the first choice in its lane', () => {
    fc.assert(fc.property(shape, ({ lanes, streams, from }) => {
      const bound = GUARD_EVERY * Math.max(1, lanes - 1) * streams;
      const chosen = new Set<string>();
      for (let read = from; read < from + bound; read += 1) {
        const { firstLane, firstStream } = readPlan(read, lanes, streams);
        chosen.add(`${firstLane}/${firstStream}`);
      }
      expect(chosen.size).toBe(lanes * streams);
    }));
  });

  it('begins with the highest lane otherwise', () => {
    expect(Array.from({ length: 16 }, (_, read) => readPlan(read, 4, 1).firstLane)).toEqual([0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 2]);
  });
});
