import { testScenario, type Story, type TestScenario } from '@cascade/contracts';
import { z } from 'zod';
import { escapeInline, parseTableRow, table } from './inline-text.js';
import { documentInvalid, splitSections } from './sections.js';
import { tidyStory } from './tidy.js';

const kind = 'test design';
const levels = ['unit', 'integration', 'e2e'] as const;
const priorities = ['P0', 'P1', 'P2', 'P3'] as const;

/** `docs/qa/assessments/E.S-test-design-….md`: one table of scenarios per acceptance criterion. */
export function renderTestDesign(story: Story, date: string): string {
  const { id, criteria, scenarios } = tidyStory(story);
  const numbers = [...new Set([...criteria.map((criterion) => criterion.id), ...scenarios.map((scenario) => scenario.criterion)])].sort((left, right) => left - right);
  const count = (values: readonly string[], of: (scenario: TestScenario) => string): string => values.map((value) => `- ${value}: ${scenarios.filter((scenario) => of(scenario) === value).length}`).join('\n');
  return `${[
    `# Test Design: Story ${id}`,
    `Date: ${date}`,
    `## Test Strategy Overview\n\n- Total test scenarios: ${scenarios.length}\n${count(levels, (scenario) => scenario.level)}\n${count(priorities, (scenario) => scenario.priority)}`,
    '## Test Scenarios by Acceptance Criteria',
    ...numbers.map((number) => {
      const own = scenarios.filter((scenario) => scenario.criterion === number);
      const then = criteria.find((criterion) => criterion.id === number)?.then ?? '';
      const rows = own.map((scenario) => [scenario.id, scenario.level, scenario.priority, scenario.description, scenario.mitigates.length === 0 ? '-' : scenario.mitigates.join(', ')]);
      return `### AC${number}: ${escapeInline(then)}\n\n${rows.length === 0 ? 'No scenario.' : table(['ID', 'Level', 'Priority', 'Test', 'Mitigates'], rows)}`;
    }),
    `## Recommended Execution Order\n\n${priorities.map((priority, index) => `${index + 1}. ${priority} tests`).join('\n')}`,
  ].join('\n\n')}\n`;
}

/** The scenarios of a test design, ordered by criterion. Throws CASC_BMAD_DOCUMENT_INVALID when one is malformed. */
export function parseTestDesign(markdown: string): { storyId: string; scenarios: TestScenario[] } {
  const sections = splitSections(markdown);
  const head = /^Test Design: Story (\d+\.\d+)$/.exec(sections[0]?.title ?? '');
  if (head === null) throw documentInvalid(kind, 'the first heading is not "# Test Design: Story E.S"');
  const scenarios = sections.flatMap((section) => {
    const criterion = section.level === 3 ? /^AC(\d+):/.exec(section.title) : null;
    return criterion === null ? [] : section.body.split('\n').slice(2).flatMap((line) => parseScenario(line, Number(criterion[1])));
  });
  return { storyId: head[1] ?? '', scenarios };
}

function parseScenario(line: string, criterion: number): TestScenario[] {
  const cells = parseTableRow(line);
  if (cells === undefined) return [];
  const [id, level, priority, description, mitigates = '-'] = cells;
  const parsed = testScenario.safeParse({ id, criterion, level, priority, description, mitigates: mitigates === '-' ? [] : mitigates.split(', ') });
  if (!parsed.success) throw documentInvalid(kind, z.prettifyError(parsed.error));
  return [parsed.data];
}

/** Criteria with at least one scenario, and those without, by number. */
export function plannedCoverage(story: Pick<Story, 'criteria' | 'scenarios'>): { covered: number[]; gaps: number[]; share: number } {
  const tested = new Set(story.scenarios.map((scenario) => scenario.criterion));
  const covered = story.criteria.filter((criterion) => tested.has(criterion.id)).map((criterion) => criterion.id);
  const gaps = story.criteria.filter((criterion) => !tested.has(criterion.id)).map((criterion) => criterion.id);
  return { covered, gaps, share: story.criteria.length === 0 ? 0 : covered.length / story.criteria.length };
}
