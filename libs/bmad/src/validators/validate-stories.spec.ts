import { describe, expect, it } from '@jest/globals';
import type { Story } from '@cascade/contracts';
import fc from 'fast-check';
import { riskScore } from '../risk-level.js';
import { storyArbitrary } from '../testing/arbitraries.js';
import { sampleEpic, sampleFiles, sampleStories, withStory } from '../testing/samples.js';
import { describeFinding, type Finding } from './finding.js';
import { concerns, failures, validateStories } from './validate-stories.js';

const validate = (stories: readonly Story[], epic = sampleEpic): Finding[] => validateStories(epic, stories, sampleFiles);
const first = sampleStories[0] as Story;
const risk = (probability: number, impact: number): Story['risks'] => [{ id: 'TECH-001', title: 't', description: 'd d', probability, impact, mitigation: 'm m' }];
const guarded = (priority: 'P0' | 'P2'): Story['scenarios'] => first.scenarios.map((scenario) => ({ ...scenario, priority, mitigates: ['TECH-001'] }));

describe('validateStories', () => {
  it('finds nothing in a good epic', () => {
    expect(validate(sampleStories)).toEqual([]);
  });

  it.each<[string, Finding['severity'], string, Story[]]>([
    ['a risk of 9', 'fail', 'risk-critical', withStory(0, { risks: risk(3, 3), scenarios: guarded('P0') })],
    ['a risk of 6', 'concern', 'risk-high', withStory(0, { risks: risk(3, 2), scenarios: guarded('P0') })],
    ['a risk of 6 without a test', 'fail', 'risk-unmitigated', withStory(0, { risks: risk(3, 2), scenarios: first.scenarios.map((scenario) => ({ ...scenario, mitigates: [] })) })],
    ['a risk of 6 without a P0 test', 'concern', 'risk-unmitigated', withStory(0, { risks: risk(3, 2), scenarios: guarded('P2') })],
    ['a test for an unknown risk', 'fail', 'risk-unknown', withStory(0, { risks: [] })],
    ['criteria out of order', 'fail', 'criterion-numbering', withStory(0, { criteria: [...first.criteria].reverse() })],
    ['a trivial criterion', 'fail', 'criterion-trivial', withStory(1, { criteria: [{ id: 1, given: 'cart', when: 'it is used', then: 'the total is 90' }] })],
    ['a criterion that repeats itself', 'fail', 'criterion-trivial', withStory(1, { criteria: [{ id: 1, given: 'it is used', when: 'it is used', then: 'the total is 90' }] })],
    ['a vague word without a measure', 'concern', 'criterion-vague', withStory(1, { criteria: [{ id: 1, given: 'a full cart', when: 'it is totalled', then: 'the answer comes quickly' }] })],
    ['an uncovered requirement', 'fail', 'requirement-uncovered', withStory(1, { requirements: ['FR1'] })],
    ['an unknown requirement', 'fail', 'requirement-unknown', withStory(1, { requirements: ['FR2', 'FR9'] })],
    ['coverage below 80 %', 'fail', 'coverage-low', withStory(0, { scenarios: first.scenarios.slice(0, 1) })],
    ['a scenario for no criterion', 'fail', 'scenario-criterion-unknown', withStory(1, { scenarios: [{ id: '1.2-UNIT-001', criterion: 7, level: 'unit', priority: 'P1', description: 'd d', mitigates: [] }] })],
    ['a forward dependency', 'fail', 'dependency-forward', withStory(0, { dependsOn: ['1.2'] })],
    ['a dependency on itself', 'fail', 'dependency-forward', withStory(0, { dependsOn: ['1.1'] })],
    ['an unknown dependency', 'fail', 'dependency-unknown', withStory(1, { dependsOn: ['1.9'] })],
    ['a task for no criterion', 'fail', 'task-criterion-unknown', withStory(1, { tasks: [{ title: 'Print it', criteria: [1, 4] }] })],
    ['a criterion without a task', 'fail', 'criterion-without-task', withStory(0, { tasks: [{ title: 'Do it', criteria: [1] }] })],
    ['a source that does not exist', 'fail', 'source-unresolved', withStory(0, { devNotes: [{ note: 'It is so.', source: 'src/none.js' }] })],
    ['lines that do not exist', 'fail', 'source-unresolved', withStory(0, { devNotes: [{ note: 'It is so.', source: 'src/cart.js#L1-L11' }] })],
    ['an anchor into code', 'fail', 'source-unresolved', withStory(0, { devNotes: [{ note: 'It is so.', source: 'src/cart.js#total' }] })],
    ['no developer notes', 'concern', 'dev-notes-missing', withStory(0, { devNotes: [] })],
    ['a story id of another epic', 'fail', 'id-malformed', withStory(1, { id: '2.2' })],
    ['a scenario of another story', 'fail', 'id-malformed', withStory(1, { scenarios: first.scenarios.slice(0, 1).map((scenario) => ({ ...scenario, mitigates: [] })) })],
    ['a level that the id denies', 'fail', 'id-malformed', withStory(1, { scenarios: [{ id: '1.2-E2E-001', criterion: 1, level: 'unit', priority: 'P1', description: 'd d', mitigates: [] }] })],
    ['a repeated scenario id', 'fail', 'id-duplicate', withStory(0, { scenarios: first.scenarios.map((scenario) => ({ ...scenario, id: '1.1-UNIT-001' })) })],
    ['a placeholder', 'fail', 'placeholder', withStory(1, { soThat: 'TBD' })],
    ['a template\'s field', 'fail', 'placeholder', withStory(1, { soThat: 'I can {{benefit}}' })],
  ])('%s is a %s', (_, severity, code, stories) => {
    const findings = validate(stories).filter((finding) => finding.code === code);
    expect(findings.map((finding) => finding.severity)).toContain(severity);
    expect(findings[0]?.message).toMatch(/\w+ \w+/);
  });

  it('does not take code in backticks or a measured word for a problem', () => {
    const criteria = [{ id: 1, given: 'the template `{{name}}`', when: 'it is rendered', then: 'it is fast: at most 5 ms' }];
    expect(validate(withStory(1, { criteria }))).toEqual([]);
  });

  it('accepts 4 of 5 planned criteria with a concern', () => {
    const criteria = Array.from({ length: 5 }, (_, index) => ({ ...(first.criteria[0] ?? { given: '', when: '', then: '' }), id: index + 1 }));
    const scenarios = criteria.slice(0, 4).map((criterion) => ({ id: `1.1-UNIT-00${criterion.id}`, criterion: criterion.id, level: 'unit' as const, priority: 'P1' as const, description: 'd d', mitigates: [] }));
    const findings = validate(withStory(0, { criteria, scenarios, tasks: [{ title: 'Do it', criteria: [1, 2, 3, 4, 5] }] }));
    expect(findings.map((finding) => [finding.code, finding.severity])).toEqual([['coverage-gap', 'concern']]);
  });

  it('describes a finding in one line', () => {
    expect(describeFinding(validate(withStory(0, { dependsOn: ['1.2'] }))[0] as Finding)).toBe('FAIL dependency-forward (story 1.1): it depends on story 1.2, which does not come before it');
  });

  it('fails exactly the stories with a score of 9, and splits findings without loss, for every story', () => {
    fc.assert(fc.property(fc.array(storyArbitrary, { minLength: 1, maxLength: 3 }), (stories) => {
      const findings = validate(stories);
      expect(failures(findings).length + concerns(findings).length).toBe(findings.length);
      expect(findings.filter((finding) => finding.code === 'risk-critical')).toHaveLength(stories.flatMap((story) => story.risks).filter((risk) => riskScore(risk) === 9).length);
      expect(validate(stories)).toEqual(findings);
    }), { numRuns: 60 });
  });
});
