import { SeededRandom } from '@cascade/testing';

/** Random numbers that a seed fixes: the same seed makes the same run as far as the machine allows. */
export class Random extends SeededRandom {
  constructor(readonly seed: number) {
    super(seed);
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** A generator of its own for one purpose, so that what others draw does not change what this one gets. */
  fork(purpose: string): Random {
    let seed = this.seed ^ 0x811c9dc5;
    for (const character of purpose) seed = Math.imul(seed ^ character.codePointAt(0)!, 0x01000193);
    return new Random(seed >>> 0);
  }
}
