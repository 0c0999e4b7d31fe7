import { describe, expect, it } from '@jest/globals';
import type { TestPlan } from '@cascade/contracts';
import { pytest } from './pytest.js';

const plan: TestPlan = { ecosystem: 'python', runner: 'pytest', command: ['python3', '-m', 'pytest', '-q'], moduleSystem: 'python', typescript: false, dependencies: 'pip', testDirectory: 'tests/' };
const parse = (report: string | undefined) => pytest.parse({ report, exitCode: 1, stdout: '', stderr: 'it said this', killed: false }, plan);
const suite = (cases: string): string => `<?xml version="1.0" encoding="utf-8"?><testsuites><testsuite name="pytest">${cases}</testsuite></testsuites>`;

describe('pytest', () => {
  it('names files after its own options', () => {
    expect(pytest.argv({ plan, files: ['tests/test_a.py'], paths: [], report: '/r' }).slice(0, 6)).toEqual(['python3', '-m', 'pytest', '-q', 'tests/test_a.py', '--junitxml=/r']);
  });

  it('puts the compared values into the message, with entities undone', () => {
    const { cases } = parse(suite(`<testcase classname="tests.test_a.TestX" name="test_a" file="tests/test_a.py"><failure message="AssertionError: assert 1 == 2">def test_a():
&gt;       assert f(&quot;&lt;&quot;) == 2
E       AssertionError: assert 1 == 2
E        +  where 1 = f(&apos;&lt;&apos;)

tests/test_a.py:3: AssertionError</failure></testcase>`));
    expect(cases).toEqual([{ file: 'tests/test_a.py', name: 'TestX > test_a', status: 'failed', failure: { kind: 'assertion', message: "AssertionError: assert 1 == 2\n +  where 1 = f('<')\n  at tests/test_a.py:3" } }]);
  });

  it('survives entities that would blow up', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${suite('<testcase classname="t" name="&b;" file="t.py"/>').slice(38)}`;
    expect(JSON.stringify(parse(bomb)).length).toBeLessThan(500);
  });

  it.each([['nothing', undefined], ['no XML', 'hello'], ['XML of another kind', '<a><b/></a>'], ['half of it', '<testsuites><testsuite'], ['no test', suite('')]])('does not believe %s', (_what, report) => {
    expect(parse(report)).toEqual({ cases: [], loadErrors: [{ message: expect.stringContaining('it said this') }] });
  });
});
