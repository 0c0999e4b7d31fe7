import { z } from 'zod';
import { codeSpan, decodeText, encodeText, line, lineOf, readCodeSpan } from './line.js';
import { Outline } from './outline.js';

/** The typed quickstart.md: how a person sees that the feature works. No implementation code. */
export const quickstart = z.object({
  title: lineOf(500),
  prerequisites: z.array(line).min(1).max(20),
  testCommand: lineOf(2000),
  scenarios: z.array(z.object({ title: lineOf(500), steps: z.array(line).min(1).max(20), expected: line })).min(1).max(20),
});
export type Quickstart = z.output<typeof quickstart>;

export function renderQuickstart(value: Quickstart): string {
  const scenarios = value.scenarios.map((item) => [
    `### ${encodeText(item.title)}`,
    item.steps.map((step, index) => `${index + 1}. ${encodeText(step)}`).join('\n'),
    `**Expected**: ${encodeText(item.expected)}`,
  ].join('\n\n'));
  return `${[
    `# Quickstart: ${encodeText(value.title)}`,
    '## Prerequisites', value.prerequisites.map((item) => `- ${encodeText(item)}`).join('\n'),
    '## Run the Tests', `**Command**: ${codeSpan(value.testCommand)}`,
    '## Scenarios', ...scenarios,
  ].join('\n\n')}\n`;
}

/** Reads a quickstart.md back. Throws `CASC_SPEC_INVALID`. */
export function parseQuickstart(markdown: string): Quickstart {
  const outline = new Outline('quickstart.md', markdown);
  const head = outline.titled(1, 'Quickstart: ');
  return outline.finish(quickstart, {
    title: head.heading,
    prerequisites: outline.bullets(outline.section(2, 'Prerequisites')),
    testCommand: readCodeSpan(outline.value(outline.section(2, 'Run the Tests'), 'Command')),
    scenarios: outline.below(outline.section(2, 'Scenarios')).map((section) => ({
      title: decodeText(section.heading),
      steps: outline.matches(section.lines.filter((text) => !text.startsWith('**Expected**: ')), /^\d+\. (.+)$/, '1. step').map(([text = '']) => decodeText(text)),
      expected: decodeText(outline.value(section, 'Expected')),
    })),
  });
}
