import { describe, expect, it } from '@jest/globals';
import type { SpecTask } from '@cascade/contracts';
import fc from 'fast-check';
import { parseContract, renderContract, contractDocument } from './contract-document.js';
import { dataModel, parseDataModel, renderDataModel } from './data-model.js';
import { toLine } from './line.js';
import { parsePlan, plan, renderPlan } from './plan.js';
import { parseQuickstart, quickstart, renderQuickstart } from './quickstart.js';
import { parseSpecification } from './parse-specification.js';
import { parseTasks } from './parse-tasks.js';
import { renderSpecification } from './render-specification.js';
import { renderTasks } from './render-tasks.js';
import { checkedBy, parseRequirementsChecklist, renderRequirementsChecklist } from './requirements-checklist.js';
import { parseResearch, renderResearch, research } from './research.js';
import { specification } from './specification.js';
import { taskDocument } from './task-document.js';

// Pieces that a careless renderer would break on, mixed with arbitrary characters.
const hostile = fc.constantFrom('**', '*', '\\', '`', '``', '|', '#', '- ', '1. ', '1)', ', **When** ', ' (covers FR1', ' in `a`', '[P]', '>', '```', '---', '\n', '\r\n', '\u2028', '→', '~', '_', '<b>', ' A: ', ': ', '(Story 1.1)', '__init__', '🎯');
const text = fc.array(fc.oneof(hostile, fc.string({ maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 3 })), { minLength: 1, maxLength: 8 })
  .map((parts) => parts.join('')).filter((value) => toLine(value) !== '' && value.isWellFormed());
const question = text.map((value) => value.replace(/[\]→]/g, '')).filter((value) => toLine(value) !== '');
const bare = text.filter((value) => !/\[NEEDS|covers/.test(value));
const texts = fc.array(text, { maxLength: 3 });
const some = fc.array(text, { minLength: 1, maxLength: 3 });
const day = fc.constantFrom('2026-02-03', '2024-02-29');
const path = fc.constantFrom('src/a.js', 'test/a b.test.js', 'src/__init__.py', 'x(y).ts', 'a,b.js');
const covers = fc.subarray(['FR1', 'FR2', 'NFR3']);
const storyIds = ['1.1', '1.2', '1.3'];

const spec = fc.record({
  title: text, branch: text, created: day, input: text,
  clarifications: fc.array(fc.record({ question, answer: text }), { maxLength: 2 }),
  stories: fc.array(fc.record({
    storyId: fc.constantFrom(...storyIds), title: text, priority: fc.integer({ min: 1, max: 9 }), narrative: text, description: text, why: text, independentTest: text,
    scenarios: fc.array(fc.record({ id: fc.integer({ min: 1, max: 99 }), given: text, when: text, then: text }), { minLength: 1, maxLength: 3 }),
  }), { minLength: 1, maxLength: 3 }),
  edgeCases: some,
  requirements: fc.array(fc.record({ id: fc.constantFrom('FR-001', 'FR-1000'), text: bare, covers, clarification: question }, { requiredKeys: ['id', 'text', 'covers'] }), { minLength: 1, maxLength: 3 }),
  entities: fc.array(fc.record({ name: text, description: text }), { maxLength: 2 }),
  outcomes: fc.array(fc.record({ id: fc.constant('SC-001'), text: bare, covers }), { minLength: 1, maxLength: 2 }),
  assumptions: some,
});
const context = fc.record({ language: text, dependencies: text, storage: text, testing: text, platform: text, projectType: text, performance: text, constraints: text, scale: text });
const planned = fc.record({
  title: text, branch: text, date: fc.option(day, { nil: undefined }), specPath: fc.constant('specs/001-x/spec.md'), summary: text, context,
  principles: fc.array(fc.record({ principle: text, note: text }), { minLength: 1, maxLength: 2 }),
  documentation: fc.uniqueArray(path), sources: fc.uniqueArray(path), structureDecision: text,
  complexity: fc.array(fc.record({ violation: text, why: text, rejected: text }), { maxLength: 2 }),
});
const ids = fc.subarray(['T001', 'T002', 'T1000']);
const task = (phase: SpecTask['phase'], kind: SpecTask['kind'], storyId?: string): fc.Arbitrary<SpecTask> => fc.record({
  id: fc.constantFrom('T001', 'T014', 'T1000'), phase: fc.constant(phase), kind: fc.constant(kind), parallel: fc.boolean(), title: text.filter((value) => !toLine(value).startsWith('[')),
  paths: fc.uniqueArray(path, { minLength: 1 }), criteria: storyId === undefined ? fc.constant([]) : fc.subarray([1, 2, 13]), dependsOn: ids, tests: ids, ...(storyId === undefined ? {} : { storyId: fc.constant(storyId) }),
});
const list = (arbitrary: fc.Arbitrary<SpecTask>, minLength = 0): fc.Arbitrary<SpecTask[]> => fc.array(arbitrary, { maxLength: 2, minLength });
const tasks = fc.record({
  title: text, featureDirectory: fc.constant('specs/001-x/'),
  stories: fc.tuple(...['1.1', '1.2'].map((storyId) => fc.record({ storyId: fc.constant(storyId), title: text, priority: fc.integer({ min: 1, max: 9 }), goal: text, independentTest: text }))),
  tasks: fc.tuple(list(task('setup', 'chore'), 1), list(task('foundational', 'test')), list(task('story', 'test', '1.1')), list(task('story', 'code', '1.1')), list(task('story', 'test', '1.2')), list(task('polish', 'chore'))).map((groups) => groups.flat().map((item, index) => ({ ...item, id: index === 0 ? 'T1000' : `T00${index}` }))),
}).map((document) => ({ ...document, done: document.tasks.filter((item) => item.parallel).map((item) => item.id) }));

function holds<Value>(arbitrary: fc.Arbitrary<unknown>, schema: { parse: (value: unknown) => Value }, render: (value: Value) => string, parse: (markdown: string) => Value): void {
  fc.assert(fc.property(arbitrary, (raw) => {
    const value = schema.parse(raw);
    const markdown = render(value);
    expect(parse(markdown)).toEqual(value);
    expect(render(parse(markdown))).toBe(markdown);
  }), { numRuns: 200 });
}

describe('every document of a feature folder reads back as it was written', () => {
  it('spec.md', () => expect(() => holds(spec, specification, renderSpecification, parseSpecification)).not.toThrow());
  it('plan.md', () => expect(() => holds(planned, plan, renderPlan, parsePlan)).not.toThrow());
  it('tasks.md', () => expect(() => holds(tasks, taskDocument, renderTasks, parseTasks)).not.toThrow());
  it('research.md', () => expect(() => holds(fc.record({ title: text, decisions: fc.array(fc.record({ topic: text, decision: text, rationale: text, alternatives: text, source: text }, { requiredKeys: ['topic', 'decision', 'rationale', 'alternatives'] }), { minLength: 1, maxLength: 3 }) }), research, renderResearch, parseResearch)).not.toThrow());
  it('data-model.md', () => expect(() => holds(fc.record({ title: text, entities: fc.array(fc.record({
    name: text, description: text, fields: fc.array(fc.record({ name: text, type: text, description: text }), { maxLength: 2 }), relationships: texts, rules: texts, transitions: texts,
  }), { minLength: 1, maxLength: 2 }) }), dataModel, renderDataModel, parseDataModel)).not.toThrow());
  it('contracts/*.md', () => expect(() => holds(fc.record({ slug: fc.constant('api'), title: text, description: text, operations: fc.array(fc.record({ name: text, signature: text, behaviour: some, errors: texts }), { minLength: 1, maxLength: 2 }) }), contractDocument, renderContract, (markdown) => parseContract('api', markdown))).not.toThrow());
  it('quickstart.md', () => expect(() => holds(fc.record({ title: text, prerequisites: some, testCommand: text, scenarios: fc.array(fc.record({ title: text, steps: some, expected: text }), { minLength: 1, maxLength: 2 }) }), quickstart, renderQuickstart, parseQuickstart)).not.toThrow());
  it('checklists/requirements.md', () => {
    const value = { title: 'Discounts', created: '2026-02-03', checked: checkedBy([{ code: 'SPEC_VAGUE', message: 'x' }]) };
    expect(value.checked.filter((checked) => !checked)).toHaveLength(1);
    expect(parseRequirementsChecklist(renderRequirementsChecklist(value))).toEqual(value);
  });
});
