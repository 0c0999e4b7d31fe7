import { describe, expect, it } from '@jest/globals';
import { lockedProblems, redScore, suiteProblems } from './judge.js';
import { conflictFeedback } from './scheduler.handlers.js';
import type { BenchRun } from './test-bench.js';
import { asContext, MAX_CONTEXT_CHARS } from './work-unit.js';

const run = (over: Partial<BenchRun> = {}): BenchRun => ({
  exitCode: 0, killedBy: null, passed: [], failed: [], skipped: [], loadErrors: [], changedTests: [], feedback: '', signature: '', report: { total: 0, passed: 0, failed: 0, skipped: 0 }, ...over,
});

describe('judging', () => {
  it('takes only the red tests themselves for green, never the exit code alone', () => {
    expect(lockedProblems(['a'], run({ passed: ['a', 'b'] }))).toEqual([]);
    expect(lockedProblems(['a'], run())).toEqual(['these tests did not report a result: a']);
    expect(lockedProblems(['a'], run({ skipped: ['a'] }))).toEqual(['skipped: a']);
    expect(lockedProblems(['a'], run({ passed: ['a'], exitCode: 1 }))).toEqual(['the test command ended with exit code 1']);
    expect(lockedProblems(['a'], run({ passed: ['a'], changedTests: ['t.js'] }))).toEqual(['the code changed the locked tests t.js while it ran']);
    expect(lockedProblems(['a'], run({ killedBy: 'timeout', exitCode: null, passed: ['a'] }))).toEqual(['the run was stopped (timeout)']);
  });

  it('compares the suite with what it was before', () => {
    const before = run({ passed: ['x', 't.js > old'], failed: ['broken'], skipped: ['s'], exitCode: 1 });
    expect(suiteProblems(before, run({ passed: ['x', 'new'], failed: ['broken'], skipped: ['s'], exitCode: 1 }), ['t.js'])).toEqual([]);
    expect(suiteProblems(before, run({ passed: [], failed: ['x'], skipped: ['s', 'y'] }), ['t.js'])).toEqual(['failing in the whole suite: x', 'skipped now: y']);
    expect(suiteProblems(before, run({ passed: [] }), ['t.js'])).toEqual(['passed before and no longer do: x']);
    expect(suiteProblems(run(), run({ exitCode: 2 }), [])).toEqual(['the test command ended with exit code 2']);
  });

  it('scores by the red tests that pass', () => expect([redScore(['a', 'b'], run({ passed: ['a', 'z'] })), redScore([], run())]).toEqual([0.5, 0]));
});

describe('prompts', () => {
  it('names a file that does not fit, and shows those that do', () => {
    const files = asContext(['big.js', 'small.js', 'none.js'], { 'big.js': 'x'.repeat(MAX_CONTEXT_CHARS + 1), 'small.js': 'y\n' });
    expect(files.map((file) => file.kind === 'whole' && file.text)).toEqual([`(not shown: ${MAX_CONTEXT_CHARS + 1} characters are too many)\n`, 'y\n']);
  });

  it('says why a task came back without anything that differs between runs', () => {
    expect(conflictFeedback({ reason: 'merge', paths: ['b.js', 'a.js'], output: 'x' })).toContain('the same lines of a.js, b.js.');
    expect(conflictFeedback({ reason: 'tests', paths: [], output: '1 of 2 tests pass.\n    at /workspace/src/a.js (12.5 ms)\n' })).toMatch(/\n1 of 2 tests pass\.\n {4}at src\/a\.js$/);
  });
});
