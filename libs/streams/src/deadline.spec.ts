import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Deadline } from './deadline.js';

describe('Deadline', () => {
  const never = new AbortController().signal;
  const late = new Error('late');
  beforeEach(() => { jest.useFakeTimers(); });
  afterEach(() => { jest.useRealTimers(); });

  it('aborts with its reason at its moment, and not when it is closed before', () => {
    const [kept, closed] = [new Deadline(500, () => late), new Deadline(500, () => late)];
    const signals = [kept.signalWith(never), closed.signalWith(never)];
    closed.close();
    jest.advanceTimersByTime(499);
    expect(signals.map((signal) => signal.aborted)).toEqual([false, false]);
    jest.advanceTimersByTime(1);
    expect(signals.map((signal) => signal.aborted)).toEqual([true, false]);
    expect(kept.passed && signals[0]!.reason).toBe(late);
  });

  it('has passed at once when its moment is over, and never without one or far in the future', () => {
    expect(() => new Deadline(0, () => late).throwIfPassed()).toThrow(late);
    for (const leftMs of [undefined, Number.MAX_SAFE_INTEGER]) {
      const deadline = new Deadline(leftMs, () => late);
      jest.advanceTimersByTime(1_000_000);
      expect(deadline.passed).toBe(false);
    }
  });
});
