import { describe, expect, it } from '@jest/globals';
import { renderReport, summarise } from './final-report.js';
import { onIntegrated, startGraph } from './schedule.js';
import { criteriaEvidence, criterionOf, reviewStory, worstGate } from './story-gate.js';
import { SHA, samplePlan, sampleProgram, sampleStory, sampleTask } from './testing/sample-plan.js';

const story = sampleStory('1.1', { criteria: [{ id: 1, given: 'g', when: 'w', then: 't' }, { id: 2, given: 'g', when: 'w', then: 't' }] });
const plan = samplePlan([sampleProgram(sampleTask('T001', 'test')), sampleProgram(sampleTask('T002', 'code', { tests: ['T001'], criteria: [1, 2] }))], [story]);
const integrated = (redTests: string[]) => onIntegrated(startGraph(plan).state, { taskId: 'T002', attempt: 1, commitSha: SHA(3), evidence: { redTests, testTasks: { T001: { commitSha: SHA(2), red: 1 } }, lockedTests: { 'test/a.js': 'f'.repeat(64) }, attempts: 2 } })!.state;

describe('story gate', () => {
  it('reads the criterion out of test names of every runner', () => {
    const names = ['AC1: adds', 'cart > AC2: adds', 'test_ac3_adds', 'TestCart.test_ac_4', 'adds', 'accept1', 'AC12: x', 'test_mac1'];
    expect(names.map(criterionOf)).toEqual([1, 2, 3, 4, undefined, undefined, 12, undefined]);
  });

  it('passes with a test for each criterion', () => {
    expect(reviewStory(integrated(['AC1: a', 'AC2: b']), story, '2026-01-01T00:00:00Z').verdict).toEqual({ gate: 'PASS', reasons: [], gatePath: 'docs/qa/gates/1.1-story-1-1.yml' });
  });

  it('raises concerns for a criterion without a test and fails without any', () => {
    expect(reviewStory(integrated(['AC1: a']), story, '2026-01-01T00:00:00Z').verdict).toMatchObject({ gate: 'CONCERNS', reasons: [expect.stringContaining('criterion 2')] });
    expect(reviewStory(integrated([]), story, '2026-01-01T00:00:00Z').verdict.gate).toBe('FAIL');
  });

  it('counts any test for a unit that serves one criterion only', () => {
    const single = samplePlan([sampleProgram(sampleTask('T002', 'code', { criteria: [2] }))], [story]);
    const state = onIntegrated(startGraph(single).state, { taskId: 'T002', attempt: 1, commitSha: SHA(3), evidence: { redTests: ['plain name'], lockedTests: {}, attempts: 1 } })!.state;
    expect(criteriaEvidence(state, story)).toEqual([{ id: 1, passingTests: [] }, { id: 2, passingTests: ['plain name'] }]);
  });

  it('takes the worst gate', () => expect([worstGate([]), worstGate(['PASS', 'CONCERNS']), worstGate(['FAIL', 'PASS'])]).toEqual(['PASS', 'CONCERNS', 'FAIL']));
});

describe('final report', () => {
  it('tells stories, tasks and proof', () => {
    const state = { ...integrated(['AC1: a|b']), verdicts: { '1.1': { gate: 'CONCERNS' as const, reasons: ['because'], gatePath: 'docs/qa/gates/x.yml' } } };
    const summary = summarise(state, SHA(9));
    expect(summary).toMatchObject({ branch: 'cascade/1-coupons', commitSha: SHA(9), gate: 'CONCERNS', tasks: [{ id: 'T001', redTests: 1, attempts: 0, commitSha: SHA(2) }, { id: 'T002', redTests: 1, attempts: 2, commitSha: SHA(3) }] });
    expect(renderReport(state, summary)).toContain('| T001 | test | Do T001 | 1 red, then locked | - | 2222222222 |');
    expect(renderReport(state, summary)).toContain('| T002 | code | Do T002 | 1 red → green | 2 | 3333333333 |');
    expect(renderReport(state, summary)).toContain('- red → green: AC1: a\\|b');
  });
});
