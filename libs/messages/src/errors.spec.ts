import { describe, expect, it } from '@jest/globals';
import { asCascadeError, fromProblem, isCascadeError, retryable, terminal } from './errors.js';

describe('errors', () => {
  it('keep their identity across copies of the package', () => {
    const foreign = Object.assign(new TypeError('from elsewhere'), { [Symbol.for('cascade.error')]: true });
    expect(isCascadeError(foreign)).toBe(true);
    expect(isCascadeError(new TypeError('x'))).toBe(false);
    expect(isCascadeError(undefined)).toBe(false);
  });

  it('travel as JSON and come back', () => {
    const error = retryable('CASC_MODEL_RATE_LIMITED', 'slow down', { advice: 'wait', retryAfterMs: 5, findings: ['a'] });
    expect(fromProblem(JSON.parse(JSON.stringify(error.toProblem()))).toProblem()).toEqual(error.toProblem());
    expect(terminal('CASC_X', 'm').toProblem()).toEqual({ code: 'CASC_X', kind: 'terminal', message: 'm' });
  });

  it('count anything unknown as a retryable defect', () => {
    expect(asCascadeError(new RangeError('boom')).toProblem()).toEqual({ code: 'CASC_DEFECT', kind: 'retryable', message: 'Unexpected error: boom' });
    const known = terminal('CASC_X', 'm');
    expect(asCascadeError(known)).toBe(known);
  });
});
