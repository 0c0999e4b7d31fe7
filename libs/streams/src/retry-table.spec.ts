import { describe, expect, it } from '@jest/globals';
import { retryable } from '@cascade/messages';
import { retryDelay } from './retry-table.js';

const table = { default: [10, 20], CASC_TEST_BUSY: [500] } as const;

describe('retryDelay', () => {
  it('takes the row of the code, or the default', () => {
    expect(retryDelay(table, retryable('CASC_TEST_BUSY', ''), 1)).toBe(500);
    expect(retryDelay(table, retryable('CASC_OTHER', ''), 2)).toBe(20);
  });

  it('ends when the row is used up', () => {
    expect(retryDelay(table, retryable('CASC_TEST_BUSY', ''), 2)).toBeUndefined();
    expect(retryDelay(table, retryable('CASC_OTHER', ''), 3)).toBeUndefined();
  });

  it('waits at least as long as the error asks for, and never less than the table', () => {
    expect(retryDelay(table, retryable('CASC_OTHER', '', { retryAfterMs: 15 }), 1)).toBe(15);
    expect(retryDelay(table, retryable('CASC_OTHER', '', { retryAfterMs: 15 }), 2)).toBe(20);
  });
});
