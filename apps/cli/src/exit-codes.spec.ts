import { describe, expect, it } from '@jest/globals';
import { retryable, terminal } from '@cascade/contracts';
import { exitCodeOfError, exitCodeOfRecord } from './exit-codes.js';
import { sampleRecord } from './testing/sample-record.js';

describe('exit codes', () => {
  it('tells every end of a cascade apart', () => {
    const failed = (code: `CASC_${string}`) => sampleRecord({ state: 'failed', problem: { kind: 'terminal', code, message: '' } });
    expect([
      sampleRecord({ state: 'completed' }), failed('CASC_RISK_TOO_HIGH'), sampleRecord({ state: 'timed_out' }),
      sampleRecord({ state: 'cancelled' }), sampleRecord({ state: 'waiting' }), failed('CASC_BUDGET_EXCEEDED'),
    ].map(exitCodeOfRecord)).toEqual([0, 3, 4, 5, 6, 7]);
  });

  it('is 2 for what is wrong before any work, and 3 for the rest', () => {
    expect(['CASC_USAGE', 'CASC_MODEL_NOT_CONFIGURED', 'CASC_REDIS_UNAVAILABLE', 'CASC_SANDBOX_UNAVAILABLE', 'CASC_CASCADE_UNKNOWN']
      .map((code) => exitCodeOfError(terminal(code as `CASC_${string}`, '')))).toEqual([2, 2, 2, 2, 2]);
    expect([terminal('CASC_REDIS_LOST', ''), retryable('CASC_DEFECT', ''), new TypeError('x')].map(exitCodeOfError)).toEqual([3, 3, 3]);
  });
});
