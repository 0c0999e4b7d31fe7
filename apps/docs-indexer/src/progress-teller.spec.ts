import { describe, expect, it } from '@jest/globals';
import { ProgressTeller } from './progress-teller.js';

describe('ProgressTeller', () => {
  it('tells each phase at once, and not more than twice in a second within one', () => {
    const told: unknown[] = [];
    let now = 0;
    const publish = async (_definition: unknown, data: unknown): Promise<never> => {
      told.push(data);
      throw new RangeError('Redis is away');
    };
    const teller = new ProgressTeller({ publish }, '/srv/shop', 'c1', () => now);
    for (let done = 1; done <= 100; done += 1, now += 20) teller.tell('main', 'parsing', done, 100);
    teller.tell('main', 'storing', 0, 100);
    expect(told.map((one) => Object.values(one as object).slice(2))).toEqual([['parsing', 1, 100], ['parsing', 26, 100], ['parsing', 51, 100], ['parsing', 76, 100], ['storing', 0, 100]]);
  });
});
