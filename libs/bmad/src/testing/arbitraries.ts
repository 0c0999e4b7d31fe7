import type { AcceptanceCriterion, Epic, Risk, Story, TestScenario } from '@cascade/contracts';
import fc from 'fast-check';
import { tidyLine, tidyText } from '../inline-text.js';

/** Texts that Markdown, tables and YAML could misread, mixed with any other text. */
const hostile = fc.constantFrom(
  '|', '\\', '\\|', '\\\\', '# Heading', '## Status', '- [ ] task', '(AC: 1)', '[Source: a]', '**Given**', '```', '<!-- x', '{{x}}', '1. one', ', **then**', 'a\nb', '\t', '\u2028', '---', 'yes', '2026-01-01', ']', ')', ':', '"', '\'',
);
const piece = fc.oneof(fc.string({ maxLength: 12 }), hostile, fc.string({ unit: 'grapheme', maxLength: 6 }));

export const lineArbitrary = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => tidyLine(pieces.join(' '))).filter((text) => text.length > 0 && text.length <= 500);
const textArbitrary = fc.array(lineArbitrary, { minLength: 1, maxLength: 3 }).map((paragraphs) => tidyText(paragraphs.join('\n\n')));

const criterionArbitrary = (id: number): fc.Arbitrary<AcceptanceCriterion> =>
  fc.tuple(lineArbitrary, lineArbitrary, lineArbitrary).map(([given, when, then]) => ({ id, given, when, then }));

const requirementId = fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 30 })).map(([functional, number]) => `${functional ? 'FR' : 'NFR'}${number}`);
const level = fc.constantFrom('unit' as const, 'integration' as const, 'e2e' as const);
const code = { unit: 'UNIT', integration: 'INT', e2e: 'E2E' } as const;
const number3 = fc.integer({ min: 1, max: 999 }).map((value) => String(value).padStart(3, '0'));
const rating = fc.integer({ min: 1, max: 3 });

export const riskArbitrary: fc.Arbitrary<Risk> = fc.record({
  id: fc.tuple(fc.constantFrom('TECH', 'SEC', 'PERF', 'DATA', 'BUS', 'OPS'), number3).map(([category, number]) => `${category}-${number}`),
  title: lineArbitrary, description: lineArbitrary, probability: rating, impact: rating, mitigation: lineArbitrary,
});

const scenarioArbitrary = (storyId: string, criteria: number): fc.Arbitrary<TestScenario> => fc.record({
  number: number3, level, criterion: fc.integer({ min: 1, max: criteria }), priority: fc.constantFrom('P0' as const, 'P1' as const, 'P2' as const, 'P3' as const),
  description: lineArbitrary, mitigates: fc.uniqueArray(fc.constantFrom('TECH-001', 'SEC-002', 'DATA-003'), { maxLength: 2 }),
}).map(({ number, ...scenario }) => ({ id: `${storyId}-${code[scenario.level]}-${number}`, ...scenario }));

export const storyArbitrary: fc.Arbitrary<Story> = fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })).chain(([epicId, number, size]) => {
  const id = `${epicId}.${number}`;
  return fc.record({
    id: fc.constant(id), title: lineArbitrary, asA: lineArbitrary, iWant: lineArbitrary, soThat: lineArbitrary,
    criteria: fc.tuple(...Array.from({ length: size }, (_, index) => criterionArbitrary(index + 1))),
    requirements: fc.uniqueArray(requirementId, { minLength: 1, maxLength: 4 }),
    dependsOn: fc.uniqueArray(fc.integer({ min: 1, max: 12 }).map((other) => `${epicId}.${other}`), { maxLength: 3 }),
    tasks: fc.array(fc.record({ title: lineArbitrary, criteria: fc.uniqueArray(fc.integer({ min: 1, max: size }), { maxLength: 3 }) }), { minLength: 1, maxLength: 5 }),
    devNotes: fc.array(fc.record({ note: lineArbitrary, source: lineArbitrary }), { maxLength: 4 }),
    risks: fc.uniqueArray(riskArbitrary, { maxLength: 4, selector: (risk) => risk.id }),
    scenarios: fc.array(scenarioArbitrary(id, size), { minLength: 1, maxLength: 6 }),
  });
});

export const epicArbitrary: fc.Arbitrary<Epic> = fc.record({
  id: fc.integer({ min: 1, max: 999 }), title: lineArbitrary, goal: textArbitrary, background: textArbitrary,
  requirements: fc.array(fc.record({ id: requirementId, text: lineArbitrary }), { minLength: 1, maxLength: 6 }),
});
