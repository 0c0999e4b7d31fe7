import { describe, expect, it } from '@jest/globals';
import { feedback, feedbackLimits } from './feedback.js';
import { normalise } from './normalise.js';
import { identify, type TestRun } from './test-run.js';

function made(parts: Partial<TestRun>): TestRun {
  const cases = parts.cases ?? [];
  const count = (status: string): number => cases.filter((test) => test.status === status).length;
  return { exitCode: 1, report: { total: cases.length, passed: count('passed'), failed: count('failed'), skipped: 0 }, cases, loadErrors: [], killedBy: null, changedTests: [], output: '', ...parts };
}

describe('normalise', () => {
  it.each([
    ['colours', '\u001b[31mred\u001b[39m', 'red'],
    ['paths of the sandbox', 'at f (file:///workspace/src/a.js:1:2) and /workspace/b.js in /workspace', 'at f (src/a.js:1:2) and b.js in .'],
    ['frames of Node and of packages', 'Error: x\n    at f (/workspace/a.js:1:2)\n    at Test.run (node:internal/test_runner/test:1:2)\n    at g (/workspace/node_modules/jest/x.js:3:4)', 'Error: x\n    at f (a.js:1:2)'],
    ['frames of Python\'s library', '  File "/workspace/a.py", line 3, in f\n    g()\n  File "/usr/lib/python3.11/unittest/case.py", line 57, in run\n    yield\n    ^^^^^\nAssertionError: 1', 'File "a.py", line 3, in f\n    g()\nAssertionError: 1'],
    ['durations', 'works (12 ms)\nfailed in 0.31s\nduration_ms: 3.2\nExceeded timeout', 'works\nfailed in <duration>\nExceeded timeout'],
    ['addresses', '<Cart object at 0x7f3a2b1c4d50>', '<Cart object at <address>>'],
    ['temporary paths, times and ports', '/tmp/abc-XyZ/file.txt 2026-01-02T03:04:05.678Z 127.0.0.1:41234', '<temporary path> <time> 127.0.0.1:<port>'],
  ])('removes %s', (_what, text, expected) => {
    expect(normalise(text)).toBe(expected);
  });

  it('leaves expected and actual values alone', () => {
    const text = 'Expected values to be strictly equal:\n\n3 !== 4\n\n+ actual - expected\n+ 12.50\n- 2026';
    expect(normalise(text)).toBe(text);
  });
});

describe('feedback', () => {
  it('says what fails, why, and what still passes', () => {
    const cases = identify([
      { file: 'b.test.js', name: 'fails', status: 'failed', failure: { kind: 'assertion', message: '3 !== 4 (12 ms)' } },
      { file: 'a.test.js', name: 'works', status: 'passed' },
    ]);
    expect(feedback(made({ cases, loadErrors: [{ file: 'c.test.js', message: 'SyntaxError: x' }] }))).toBe([
      '1 of 2 tests pass.', 'Could not be loaded, so none of their tests ran:', '- c.test.js', '    SyntaxError: x',
      'Failing:', '- b.test.js > fails', '    3 !== 4', 'Passing:', '- a.test.js > works',
    ].join('\n'));
  });

  it('is bounded, and says what it leaves out', () => {
    const cases = identify(Array.from({ length: 500 }, (_, index) => ({ file: 'a.test.js', name: `t${index}`, status: 'failed' as const, failure: { kind: 'error' as const, message: 'x'.repeat(9000) } })));
    const text = feedback(made({ cases }));
    expect(text.length).toBeLessThan(feedbackLimits.characters + 100);
    expect(text).toContain('… and 496 more failing tests.');
    expect(text).toContain('characters left out');
  });

  it('explains a run that was ended or that changed its tests', () => {
    expect(feedback(made({ killedBy: 'timeout', changedTests: ['a.test.js'] }))).toContain('took too long');
    expect(feedback(made({ changedTests: ['a.test.js'] }))).toContain('changed test files');
  });

  it('does not depend on the order in which tests ran', () => {
    const reported = ['c', 'a', 'b'].map((name) => ({ file: 'x.test.js', name, status: 'failed' as const, failure: { kind: 'error' as const, message: name } }));
    expect(feedback(made({ cases: identify(reported) }))).toBe(feedback(made({ cases: identify(reported.toReversed()) })));
  });
});
