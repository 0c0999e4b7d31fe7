import { describe, expect, it } from '@jest/globals';
import type { SpSpecification } from '@cascade/llm';
import { documentsOf, specificationProblems } from './specification-problems.js';
import { facts, repositoryFiles, specificationAnswer } from './testing/sample-feature.js';

const paths = new Set(Object.keys(repositoryFiles));
const problems = (change: Partial<SpSpecification>, answers: { question: string; answer: string }[] = []): string[] => specificationProblems({ ...specificationAnswer, ...change }, facts, answers, paths);
const question = (requirement: number) => ({ requirement, question: 'Which?', recommendation: 'This.' });
const decision = specificationAnswer.decisions.map((item) => ({ ...item, source: 'https://example.org' }));

describe('specificationProblems', () => {
  it('has nothing to say of a good answer', () => expect(problems({})).toEqual([]));
  it.each<[string, Partial<SpSpecification>, string]>([
    ['a missing story', { stories: specificationAnswer.stories.slice(1) }, 'SPEC_STORIES stories: has entries for 1.2; one per story is needed, in this order: 1.1, 1.2'],
    ['a story that cannot be tried', { scenarios: specificationAnswer.scenarios.slice(1) }, 'SPEC_SCENARIO_MISSING scenarios: has no entry for story 1.1'],
    ['a scenario of no story', { scenarios: [...specificationAnswer.scenarios, { storyId: '7.1', steps: ['x'], expected: 'y' }] }, 'SPEC_SCENARIO_UNKNOWN'],
    ['four questions', { clarifications: [1, 2, 1, 2].map(question) }, 'at most 3 are allowed'],
    ['two questions on one requirement', { clarifications: [1, 1].map(question) }, 'two questions about one requirement'],
    ['a question on nothing', { clarifications: [question(9)] }, 'names entry 9 of requirements'],
    ['a source that nobody can open', { decisions: decision }, 'SPEC_SOURCE decisions: the source of "Rounding" is "https://example.org"'],
    ['a contract twice', { contracts: [...specificationAnswer.contracts, ...specificationAnswer.contracts] }, 'SPEC_CONTRACT_TWICE'],
    ['an entity twice', { entities: [...specificationAnswer.entities, ...specificationAnswer.entities] }, 'SPEC_ENTITY_TWICE'],
    ['an empty text', { edgeCases: [' '] }, 'SPEC_SHAPE specification.edgeCases.0'],
    ['no decisions', { decisions: [] }, 'SPEC_SHAPE research.decisions'],
    ['an uncovered requirement', { outcomes: specificationAnswer.outcomes.map((item) => ({ ...item, covers: [] })) }, 'SPEC_REQUIREMENT_UNCOVERED'],
  ])('refuses %s', (_name, change, line) => expect(problems(change).join('\n')).toContain(line));
  it.each(['src/cart.js', 'src/cart.js#L1-L3', 'src/cart.js (total)', 'the request', 'Request, item 2', 'story 1.2, criterion 1', 'README.md; src/cart.js'])('takes "%s" for a source', (source) => {
    expect(problems({ decisions: specificationAnswer.decisions.map((item) => ({ ...item, source })) })).toEqual([]);
  });
  it('refuses questions after they were answered', () => {
    expect(problems({ clarifications: [question(1)] }, [{ question: 'Which?', answer: 'That.' }])).toEqual(['SPEC_CLARIFICATIONS clarifications: must be empty: the questions have been answered']);
  });
});

describe('documentsOf', () => {
  it('keeps the numbers of the acceptance criteria and counts requirements itself', () => {
    const { specification, plan } = documentsOf(specificationAnswer, facts, []);
    expect(specification.stories.map((story) => story.scenarios.map((item) => item.id))).toEqual([[1, 2], [1]]);
    expect(specification.requirements.map((item) => item.id)).toEqual(['FR-001', 'FR-002']);
    expect(plan.date).toBeUndefined();
    expect(plan.context.testing).toBe('node --test with node:assert, run as node --test');
  });
  it('has no data model when the feature has no data', () => {
    expect(documentsOf({ ...specificationAnswer, entities: [] }, facts, []).dataModel).toBeUndefined();
  });
});
