import { describe, expect, it } from '@jest/globals';
import { isAcceptable, isGreen, type SuiteResult } from './suite.js';

const suite = (exitCode: number | null, ...failed: string[]): SuiteResult => ({ exitCode, failed, report: undefined, feedback: '' });

describe('isAcceptable', () => {
  it('takes green, whatever failed before', () => {
    expect(isGreen(suite(0))).toBe(true);
    expect(isAcceptable(suite(0), suite(1, 'a'))).toBe(true);
  });

  it('takes failures that are not new, and no others', () => {
    expect(isAcceptable(suite(1, 'a'), suite(1, 'a', 'b'))).toBe(true);
    expect(isAcceptable(suite(1, 'a', 'c'), suite(1, 'a', 'b'))).toBe(false);
    expect(isAcceptable(suite(1, 'a'), suite(0))).toBe(false);
  });

  it('does not take a suite that fails without naming a test', () => {
    expect(isAcceptable(suite(1), suite(1))).toBe(false);
    expect(isAcceptable(suite(null), suite(null))).toBe(false);
    expect(isAcceptable(suite(null, 'a'), suite(1, 'a'))).toBe(false);
  });

  it('does not call green what failed and left with 0', () => {
    expect(isGreen(suite(0, 'a'))).toBe(false);
    expect(isGreen(suite(null))).toBe(false);
  });
});
