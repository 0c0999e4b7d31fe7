import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { isoNow } from './iso-now.js';

describe('isoNow', () => {
  afterEach(() => { jest.useRealTimers(); });

  it('is the time of the clock, also when that goes back', () => {
    jest.useFakeTimers();
    for (const time of ['2026-03-01T10:00:00.000Z', '2026-03-01T10:00:00.001Z', '2026-03-01T09:00:00.000Z']) {
      jest.setSystemTime(new Date(time));
      expect([isoNow(), isoNow()]).toEqual([time, time]);
    }
  });
});
