import { describe, expect, it } from '@jest/globals';
import { featureFolder, parseFeatureFolder, renderFeatureFolder, roundTripFindings } from './feature-folder.js';
import { parseSpecification } from './parse-specification.js';
import { parseTasks } from './parse-tasks.js';
import { checkedBy } from './requirements-checklist.js';
import { requirementId, type Specification } from './specification.js';
import { openQuestions, validateSpecification } from './validate-specification.js';

const folder = featureFolder.parse({
  specification: {
    title: 'Discount codes', branch: 'cascade/1-discount-codes', created: '2026-02-03', input: 'Let customers use\ndiscount codes',
    clarifications: [{ question: 'Can codes be combined?', answer: 'No' }],
    stories: [{
      storyId: '1.1', title: 'Use a code', priority: 1, narrative: 'As a customer, I want to enter a code, so that I pay less', description: 'One code per cart.', why: 'It is the request.', independentTest: 'Enter a code and see the total.',
      scenarios: [{ id: 1, given: 'a cart of 10', when: 'TEN is entered', then: 'the total is 9' }],
    }],
    edgeCases: ['An unknown code changes nothing.'],
    requirements: [{ id: 'FR-001', text: 'System MUST lower the total by the percentage of a known code.', covers: ['FR1'] }],
    entities: [{ name: 'Code', description: 'What a customer enters.' }],
    outcomes: [{ id: 'SC-001', text: 'Every known code lowers the total by exactly its percentage.', covers: ['NFR1'] }],
    assumptions: ['Codes are not case-sensitive.'],
  },
  plan: {
    title: 'Discount codes', branch: 'cascade/1-discount-codes', date: '2026-02-03', specPath: 'specs/001-discount-codes/spec.md', summary: 'A table of codes and a function.',
    context: { language: 'JavaScript', dependencies: 'None', storage: 'None', testing: 'node --test', platform: 'Node', projectType: 'Library', performance: 'None', constraints: 'None', scale: 'Small' },
    principles: [{ principle: 'Test first', note: 'Each code task has test tasks before it.' }], documentation: ['spec.md', 'tasks.md'], sources: ['src/discount.js'], structureDecision: 'As it is.', complexity: [],
  },
  research: { title: 'Discount codes', decisions: [{ topic: 'Where codes live', decision: 'In a table', rationale: 'Few codes', alternatives: 'A database' }] },
  quickstart: { title: 'Discount codes', prerequisites: ['Node'], testCommand: 'node --test', scenarios: [{ title: 'Use a code', steps: ['Enter TEN'], expected: '10 % less' }] },
  dataModel: { title: 'Discount codes', entities: [{ name: 'Code', description: 'A code', fields: [{ name: 'name', type: 'string | null', description: 'Upper case' }], relationships: [], rules: ['Unique'], transitions: [] }] },
  contracts: [{ slug: 'discount', title: 'Discount', description: 'The function.', operations: [{ name: 'applyDiscount', signature: 'applyDiscount(total, code) -> number', behaviour: ['Lowers the total.'], errors: [] }] }],
  tasks: {
    title: 'Discount codes', featureDirectory: 'specs/001-discount-codes/', stories: [{ storyId: '1.1', title: 'Use a code', priority: 1, goal: 'Pay less', independentTest: 'Enter a code.' }],
    tasks: [
      { id: 'T001', phase: 'story', storyId: '1.1', kind: 'test', parallel: false, title: 'Test discounts', paths: ['test/discount.test.js'], criteria: [1], dependsOn: [], tests: [] },
      { id: 'T002', phase: 'story', storyId: '1.1', kind: 'code', parallel: false, title: 'Compute discounts', paths: ['src/discount.js'], criteria: [1], dependsOn: ['T001'], tests: ['T001'] },
    ], done: [],
  },
  checklist: { title: 'Discount codes', created: '2026-02-03', checked: checkedBy([]) },
});
const files = renderFeatureFolder(folder);
const textOf = (path: string): string => files.find((file) => file.path === path)?.content ?? '';

describe('a feature folder', () => {
  it('has Spec Kit\'s documents', () => {
    expect(files.map((file) => file.path)).toEqual(['spec.md', 'checklists/requirements.md', 'plan.md', 'research.md', 'data-model.md', 'contracts/discount.md', 'quickstart.md', 'tasks.md']);
  });
  it('has the headings of Spec Kit\'s templates, in their order', () => {
    const headings = (path: string): string[] => textOf(path).split('\n').filter((text) => /^##? /.test(text));
    expect(headings('spec.md')).toEqual(['# Feature Specification: Discount codes', '## Clarifications', '## User Scenarios & Testing *(mandatory)*', '## Requirements *(mandatory)*', '## Success Criteria *(mandatory)*', '## Assumptions']);
    expect(headings('plan.md')).toEqual(['# Implementation Plan: Discount codes', '## Summary', '## Technical Context', '## Constitution Check', '## Project Structure']);
    expect(headings('tasks.md')).toEqual(['# Tasks: Discount codes', '## Format: `[ID] [P?] [Story] Description`', '## Path Conventions', '## Phase 1: User Story 1 - Use a code (Priority: P1) 🎯 MVP', '## Dependencies & Execution Order', '## Implementation Strategy']);
  });
  it('has lines of Spec Kit\'s forms', () => {
    expect(textOf('spec.md')).toContain('\n1. **Given** a cart of 10, **When** TEN is entered, **Then** the total is 9\n');
    expect(textOf('spec.md')).toContain('\n- **FR-001**: System MUST lower the total by the percentage of a known code. (covers FR1)\n');
    expect(textOf('tasks.md')).toContain('\n- [ ] T002 [US1] Compute discounts in `src/discount.js` (US1/AC1) (passes T001) (depends on T001)\n');
    expect(textOf('checklists/requirements.md')).not.toContain('- [ ]');
  });
  it('reads back as it was written', () => {
    expect(parseFeatureFolder(files)).toEqual(folder);
    expect(roundTripFindings(folder, files)).toEqual([]);
  });
  it('tells which document reads differently', () => {
    const other = files.map((file) => (file.path === 'spec.md' ? { ...file, content: file.content.replace('**Created**: 2026-02-03', '**Created**: 2026-02-04') } : file));
    expect(roundTripFindings(folder, other).map((item) => item.path)).toEqual(['specification']);
  });
  it('misses documents by name', () => {
    expect(() => parseFeatureFolder(files.filter((file) => file.path !== 'plan.md'))).toThrow(expect.objectContaining({ findings: ['DOCUMENT_MISSING plan.md: is missing'] }));
  });
  it('names everything that is malformed in a document', () => {
    const broken = textOf('spec.md').replace('## Assumptions', '## Guesses').replace('**FR-001**', 'FR-1').replace('**Given** a', 'Given a');
    expect(() => parseSpecification(broken)).toThrow(expect.objectContaining({ code: 'CASC_SPEC_INVALID', findings: expect.arrayContaining([
      'HEADING_MISSING spec.md: has no heading "## Assumptions"', expect.stringMatching(/^LINE_FORM spec.md: .*FR-1/), expect.stringMatching(/^LINE_FORM spec.md: .*Given a/),
    ]) }));
  });
  it('names task lines that break the grammar or sit in the wrong phase', () => {
    const broken = textOf('tasks.md').replace('- [ ] T001 [US1]', '- [ ] T001').replace('- [ ] T002', '- [] T002');
    expect(() => parseTasks(broken)).toThrow(expect.objectContaining({ findings: [expect.stringMatching(/TASK_STORY_LABEL .*T001 must be labelled \[US1\]/), expect.stringMatching(/TASK_GRAMMAR .*T002/)] }));
    expect(() => parseTasks(textOf('tasks.md').replace('Phase 1', 'Phase 2'))).toThrow(expect.objectContaining({ findings: [expect.stringContaining('PHASE_NUMBER')] }));
  });
});

describe('validateSpecification', () => {
  const spec = folder.specification;
  const epic = { requirements: [{ id: 'FR1', text: 'x' }, { id: 'NFR1', text: 'y' }] };
  const stories = [{ id: '1.1', criteria: [{ id: 1, given: 'a', when: 'b', then: 'c' }] }];
  const codes = (change: Partial<Specification>): string[] => [...new Set(validateSpecification({ ...spec, ...change }, epic, stories).map((item) => item.code))];
  const requirement = (text: string) => ({ requirements: [{ id: 'FR-001', text, covers: ['FR1'] }] });
  const story = spec.stories[0];

  it('finds nothing wrong with a good one', () => expect(validateSpecification(spec, epic, stories)).toEqual([]));
  it.each<[string, Partial<Specification>]>([
    ['SPEC_STORIES', { stories: [] }],
    ['SPEC_CRITERION_WITHOUT_SCENARIO', story === undefined ? {} : { stories: [{ ...story, scenarios: story.scenarios.map((item) => ({ ...item, id: 2 })) }] }],
    ['SPEC_ID_SEQUENCE', { outcomes: spec.outcomes.map((item) => ({ ...item, id: 'SC-002' })) }],
    ['SPEC_REQUIREMENT_MUST', requirement('The total falls.')],
    ['SPEC_VAGUE', requirement('System MUST be fast.')],
    ['SPEC_IMPLEMENTATION', requirement('System MUST change src/cart.js.')],
    ['SPEC_OUTCOME_MEASURABLE', { outcomes: [{ id: 'SC-001', text: 'Customers like it.', covers: ['NFR1'] }] }],
    ['SPEC_REQUIREMENT_UNCOVERED', { outcomes: spec.outcomes.map((item) => ({ ...item, covers: [] })) }],
    ['SPEC_COVERS_UNKNOWN', { requirements: spec.requirements.map((item) => ({ ...item, covers: ['FR1', 'FR9'] })) }],
    ['SPEC_CLARIFICATIONS', { requirements: [1, 2, 3, 4].map((number) => ({ id: requirementId(number), text: 'System MUST x.', covers: ['FR1'], clarification: 'Which?' })) }],
    ['SPEC_PLACEHOLDER', { assumptions: ['[e.g., a stable network]'] }],
  ])('refuses what breaks %s', (code, change) => expect(codes(change)).toEqual([code]));
  it('takes neither products nor quoted output for a mistake', () => {
    expect(codes(requirement('System MUST run on Node.js 20 and print [ERROR] with an array such as [1, 2].'))).toEqual([]);
  });
  it('lists open questions, which leave the checklist unchecked', () => {
    const open = openQuestions({ ...spec, requirements: spec.requirements.map((item) => ({ ...item, clarification: 'Which?' })) });
    expect(open.map((item) => item.code)).toEqual(['SPEC_CLARIFICATION_OPEN']);
    expect(checkedBy(open).filter((checked) => !checked)).toHaveLength(1);
  });
});
