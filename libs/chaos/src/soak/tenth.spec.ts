import { describe, expect, it } from '@jest/globals';
import { costGrowth, growthViolations, type Tenth } from './tenth.js';

const tenth = (fields: Partial<Tenth> = {}): Tenth => ({ perSecond: 100, nodeMicros: 3_000, redisMicros: 1_000, heapBytes: 50e6, forgotten: 400, keys: 20, redisBytes: 2e6, ...fields });
const tenths = (change: (index: number) => Partial<Tenth>): Tenth[] => Array.from({ length: 10 }, (_, index) => tenth(change(index)));

describe('the verdict of a soak', () => {
  it('forgives a cold start and one tenth that something disturbed', () => {
    expect(growthViolations(tenths((index) => (index === 0 || index === 8 ? { nodeMicros: 9_000 } : {})), 1_000)).toEqual([]);
  });

  it('names what grows', () => {
    const found = growthViolations(tenths((index) => ({ keys: 20 + 100 * index, heapBytes: 50e6 + 5e6 * index, nodeMicros: 3_000 + 100 * index })), 1_000);
    expect(found).toEqual(['keys in Redis grew from 120 to 920', 'bytes of heap grew from 55000000 to 95000000', expect.stringContaining('costs 14.3 % more')]);
    expect(costGrowth(tenths(() => ({})))).toBe(0);
  });
});
