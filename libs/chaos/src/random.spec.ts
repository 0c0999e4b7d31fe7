import { describe, expect, it } from '@jest/globals';
import { Random } from './random.js';

const draw = (random: Random): number[] => Array.from({ length: 50 }, () => random.between(1, 6));

describe('Random', () => {
  it('gives the same numbers for the same seed, others for another, and all that it may give', () => {
    expect(draw(new Random(1))).toEqual(draw(new Random(1)));
    expect(draw(new Random(1))).not.toEqual(draw(new Random(2)));
    expect(new Set(draw(new Random(3)))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
  });

  it('forks into generators that do not disturb each other', () => {
    const [one, other] = [new Random(1), new Random(1)];
    draw(one.fork('a'));
    expect(draw(one.fork('b'))).toEqual(draw(other.fork('b')));
    expect(draw(one.fork('a'))).not.toEqual(draw(one.fork('b')));
  });
});
