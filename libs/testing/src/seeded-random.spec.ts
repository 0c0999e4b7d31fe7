import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from './seeded-random.js';

describe('seeded random numbers', () => {
  it('are the same for the same seed, spread over their range, and shuffle without loss', () => {
    const numbers = (seed: number): number[] => { const random = new SeededRandom(seed); return Array.from({ length: 1_000 }, () => random.below(10)); };
    expect(numbers(1)).toEqual(numbers(1));
    expect(numbers(1)).not.toEqual(numbers(2));
    for (let digit = 0; digit < 10; digit += 1) expect(numbers(3).filter((number) => number === digit).length).toBeGreaterThan(50);
    const list = Array.from({ length: 100 }, (_, index) => index);
    const shuffled = new SeededRandom(4).shuffled(list);
    expect(shuffled).not.toEqual(list);
    expect(shuffled.toSorted((one, other) => one - other)).toEqual(list);
  });
});
