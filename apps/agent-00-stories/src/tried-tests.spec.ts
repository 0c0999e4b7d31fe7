import { describe, expect, it } from '@jest/globals';
import type { TestPlan } from '@cascade/contracts';
import { triedTests } from './tried-tests.js';

const plan: TestPlan = { ecosystem: 'node', runner: 'node-test', command: ['node', '--test'], moduleSystem: 'esm', typescript: false, dependencies: 'none', testDirectory: 'test/', exampleTest: 'test/a.test.js' };
const tried = (failing: string[], green = false): Parameters<typeof triedTests>[0] => ({ green, passed: 1, failed: failing.length, failing, output: 'node: bad option\nexit 9' });

describe('triedTests', () => {
  it('says nothing of tests that pass', () => {
    expect(triedTests(tried([], true), plan)).toBeUndefined();
  });

  it('names some of the tests that fail already', () => {
    expect(triedTests(tried(['a']), plan)).toBe('1 test fails before anything is changed, and may go on failing: a');
    expect(triedTests(tried(['a', 'b', 'c', 'd', 'e', 'f']), plan)).toBe('6 tests fail before anything is changed, and may go on failing: a, b, c, d, e, …');
  });

  it('ends with what the run said when it proves nothing, unless there is no test yet', () => {
    expect(() => triedTests(tried([]), plan)).toThrow(expect.objectContaining({ code: 'CASC_TESTS_BROKEN', kind: 'terminal', message: expect.stringContaining('fails without a failing test (node --test):\nnode: bad option'), advice: expect.stringContaining('--test-command') }));
    const { exampleTest: _none, ...without } = plan;
    expect(triedTests(tried([]), without)).toBeUndefined();
  });
});
