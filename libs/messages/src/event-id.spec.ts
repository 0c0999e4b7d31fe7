import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deriveEventId, isCascadeId, newEventId, timeOfEventId } from './event-id.js';

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });

describe('event ids', () => {
  it('are UUIDs of version 7 whose first 48 bits are the cause\'s time', () => {
    fc.assert(fc.property(fc.string(), time, fc.nat(), (cause, at, index) => {
      const id = deriveEventId(cause, at, index);
      expect(id).toMatch(uuidV7);
      expect(timeOfEventId(id)).toBe(at);
    }));
    expect(newEventId()).toMatch(uuidV7);
    expect(['', 'order-17', '01a204b7-f188-4abf-b0ea-3a919c10faf6'].map(timeOfEventId)).toEqual([0, 0, 0]);
  });

  it('are the same for the same cause and place, and differ otherwise', () => {
    const ids = ['a', 'b'].flatMap((cause) => [0, 1, 2].map((index) => deriveEventId(cause, 1000, index)));
    expect(new Set(ids).size).toBe(6);
    expect(deriveEventId('a', 1000, 0)).toBe(ids[0]);
  });

  it.each(['', 'c:journal', 'a b', '{p00}', 'x\u0000', 'x\n', 'é', 'x'.repeat(201)])('of cascades are a part of keys, so %j is none', (text) => {
    expect(isCascadeId(text)).toBe(false);
  });
});
