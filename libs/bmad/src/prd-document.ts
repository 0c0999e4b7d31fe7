import type { Epic, Story, TestPlan } from '@cascade/contracts';
import { epicPath } from './document-paths.js';
import { renderRequirements } from './epic-document.js';
import { escapeInline, escapeParagraph, escapeText, table } from './inline-text.js';
import { tidyEpic } from './tidy.js';

/** What the PRD says of the repository it is about. */
export interface PrdContext {
  readonly repositoryName: string;
  readonly testPlan: TestPlan;
  /** `YYYY-MM-DD` */
  readonly date: string;
}

/** `docs/prd.md` in the order of prd-template-v2, for a repository that has none yet; epics are shards below docs/prd/. */
export function renderPrd(epic: Epic, stories: readonly Story[], context: PrdContext): string {
  const tidy = tidyEpic(epic);
  const { testPlan } = context;
  return `${[
    `# ${escapeInline(context.repositoryName)} Product Requirements Document (PRD)`,
    '## Goals and Background Context',
    `### Goals\n\n${escapeText(tidy.goal)}`,
    `### Background Context\n\n${escapeText(tidy.background)}`,
    `### Change Log\n\n${table(['Date', 'Version', 'Description', 'Author'], [[context.date, '1.0', `Epic ${tidy.id}`, 'Cascade']])}`,
    `## Requirements\n\n${renderRequirements(tidy, 3)}`,
    '## Technical Assumptions',
    '### Repository Structure\n\nAs the repository has it today.',
    '### Service Architecture\n\nUnchanged.',
    `### Testing Requirements\n\nTests run with \`${testPlan.command.join(' ')}\` (${testPlan.runner}); new tests go to ${escapeParagraph(testPlan.testDirectory)}.`,
    `## Epic List\n\n- [Epic ${tidy.id}: ${escapeInline(tidy.title, '[]')}](${epicPath(tidy).replace(/^docs\//, '')}), ${stories.length} ${stories.length === 1 ? 'story' : 'stories'}`,
    '## Checklist Results Report\n\nThe risk profile and test design of each story are under docs/qa/assessments.',
    '## Next Steps\n\nEach story is specified, tested and implemented in order of its number.',
  ].join('\n\n')}\n`;
}
