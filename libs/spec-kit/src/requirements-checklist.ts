import { z } from 'zod';
import { encodeText, lineOf } from './line.js';
import { Outline } from './outline.js';
import type { Finding } from './finding.js';

/** The sixteen questions of Spec Kit's built-in checklist, each with the rules of `validateSpecification` that would answer no. */
const groups: readonly (readonly [string, readonly (readonly [string, readonly string[]])[]])[] = [
  ['Content Quality', [
    ['No implementation details (languages, frameworks, APIs)', ['SPEC_IMPLEMENTATION']],
    ['Focused on user value and business needs', ['SPEC_STORIES']],
    ['Written for non-technical stakeholders', ['SPEC_IMPLEMENTATION']],
    ['All mandatory sections completed', ['SPEC_STORIES', 'SPEC_PLACEHOLDER']],
  ]],
  ['Requirement Completeness', [
    ['No [NEEDS CLARIFICATION] markers remain', ['SPEC_CLARIFICATION_OPEN', 'SPEC_CLARIFICATIONS']],
    ['Requirements are testable and unambiguous', ['SPEC_REQUIREMENT_MUST', 'SPEC_VAGUE']],
    ['Success criteria are measurable', ['SPEC_OUTCOME_MEASURABLE']],
    ['Success criteria are technology-agnostic (no implementation details)', ['SPEC_IMPLEMENTATION']],
    ['All acceptance scenarios are defined', ['SPEC_CRITERION_WITHOUT_SCENARIO']],
    ['Edge cases are identified', ['SPEC_PLACEHOLDER']],
    ['Scope is clearly bounded', ['SPEC_COVERS_UNKNOWN']],
    ['Dependencies and assumptions identified', ['SPEC_PLACEHOLDER']],
  ]],
  ['Feature Readiness', [
    ['All functional requirements have clear acceptance criteria', ['SPEC_REQUIREMENT_UNCOVERED']],
    ['User scenarios cover primary flows', ['SPEC_STORIES', 'SPEC_CRITERION_WITHOUT_SCENARIO']],
    ['Feature meets measurable outcomes defined in Success Criteria', ['SPEC_OUTCOME_MEASURABLE']],
    ['No implementation details leak into specification', ['SPEC_IMPLEMENTATION']],
  ]],
];
const questions = groups.flatMap(([, items]) => items.map(([text]) => text));

export const requirementsChecklist = z.object({ title: lineOf(500), created: z.iso.date(), checked: z.array(z.boolean()).length(questions.length) });
export type RequirementsChecklist = z.output<typeof requirementsChecklist>;

/** Which of the questions the findings on a specification leave answered with yes, in the checklist's order. */
export function checkedBy(findings: readonly Finding[]): boolean[] {
  const codes = new Set(findings.map((item) => item.code));
  return groups.flatMap(([, items]) => items.map(([, rules]) => !rules.some((rule) => codes.has(rule))));
}

/** The text of checklists/requirements.md. Marks are true: an unchecked line stops Spec Kit's implement command. */
export function renderRequirementsChecklist(value: RequirementsChecklist): string {
  let next = 0;
  const blocks = groups.flatMap(([heading, items]) => [`## ${heading}`, items.map(([text]) => `- [${value.checked[next++] === true ? 'x' : ' '}] ${text}`).join('\n')]);
  return `${[
    `# Specification Quality Checklist: ${encodeText(value.title)}`,
    '**Purpose**: Validate specification completeness and quality before planning',
    `**Created**: ${value.created}`,
    '**Feature**: [spec.md](../spec.md)',
    ...blocks,
    '## Notes',
    '- Checked by rules; see the findings of the run for what an unchecked line lacks.',
  ].join('\n\n')}\n`;
}

/** Reads a checklists/requirements.md back. Throws `CASC_SPEC_INVALID`. */
export function parseRequirementsChecklist(markdown: string): RequirementsChecklist {
  const outline = new Outline('checklists/requirements.md', markdown);
  const head = outline.titled(1, 'Specification Quality Checklist: ');
  const lines = groups.flatMap(([heading]) => outline.matches(outline.section(2, heading).lines, /^- \[([ xX])\] (.+)$/, '- [x] question'));
  const unknown = lines.filter(([, text], index) => text !== questions[index]).map(([, text]) => text);
  if (unknown.length > 0) outline.problem('CHECKLIST_ITEM', `has items that are not in their place: ${unknown.slice(0, 3).join('; ')}`);
  return outline.finish(requirementsChecklist, { title: head.heading, created: outline.value(head, 'Created'), checked: lines.map(([mark]) => mark !== ' ') });
}
