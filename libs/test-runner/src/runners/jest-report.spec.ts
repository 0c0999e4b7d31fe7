import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseJestReport } from './jest-report.js';

const outcome = (report: string | undefined) => ({ report, exitCode: 1, stdout: '', stderr: 'it said this', killed: false });

describe('parseJestReport', () => {
  it('reads what Vitest 4 really wrote', () => {
    const { cases, loadErrors } = parseJestReport(outcome(readFileSync(join(import.meta.dirname, 'fixtures/vitest-report.json'), 'utf8')));
    expect(cases.map(({ file, name, status, failure }) => [file, name, status, failure?.kind])).toEqual([
      ['src/sum.test.ts', 'sum > adds', 'passed', undefined],
      ['src/sum.test.ts', 'sum > is wrong', 'failed', 'assertion'],
      ['src/sum.test.ts', 'sum > throws', 'failed', 'error'],
      ['src/sum.test.ts', 'sum > is slow', 'failed', 'timeout'],
      ['src/sum.test.ts', 'sum > later', 'skipped', undefined],
    ]);
    expect(loadErrors).toEqual([{ file: 'src/broken.test.ts', message: expect.stringContaining('./missing') }]);
  });

  it.each([
    ['no report', undefined], ['an empty one', ''], ['half of one', '{"testResults":['], ['another form', '{"testResults":{}}'], ['a form within', '{"testResults":[{"name":1}]}'], ['nothing that ran', '{"testResults":[]}'],
  ])('does not believe %s', (_what, report) => {
    expect(parseJestReport(outcome(report))).toEqual({ cases: [], loadErrors: [{ message: expect.stringContaining('it said this') }] });
  });
});
