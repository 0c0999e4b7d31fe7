import { relativePath } from '@cascade/contracts';
import { z } from 'zod';
import { codeSpan, decodeText, encodeCell, encodeParagraph, encodeText, line, lineOf, readCodeSpan } from './line.js';
import { Outline } from './outline.js';

/** The keys of Technical Context, in the order of Spec Kit's plan template. */
const contextKeys = [
  ['language', 'Language/Version'], ['dependencies', 'Primary Dependencies'], ['storage', 'Storage'], ['testing', 'Testing'],
  ['platform', 'Target Platform'], ['projectType', 'Project Type'], ['performance', 'Performance Goals'], ['constraints', 'Constraints'], ['scale', 'Scale/Scope'],
] as const;

const paths = z.array(relativePath.refine((path) => !/\s{2}|[`\u2028]/.test(path) && path === path.trim(), 'must stand on a line of its own')).max(400);

/** The typed plan.md: how the feature is built, before there are tasks. */
export const plan = z.object({
  title: lineOf(500),
  branch: lineOf(300),
  /** Left out where the text must be the same on every day, e.g. because prompts show it. */
  date: z.iso.date().optional(),
  specPath: relativePath,
  summary: line,
  context: z.object({ language: line, dependencies: line, storage: line, testing: line, platform: line, projectType: line, performance: line, constraints: line, scale: line }),
  /** Principles of the constitution and how the plan keeps them. */
  principles: z.array(z.object({ principle: lineOf(300), note: line })).min(1).max(30),
  documentation: paths,
  sources: paths,
  structureDecision: line,
  /** Only for principles that the plan breaks. */
  complexity: z.array(z.object({ violation: line, why: line, rejected: line })).max(20),
});
export type Plan = z.output<typeof plan>;

const documentationHeading = 'Documentation (this feature)';
const sourceHeading = 'Source Code (repository root)';

/** The text of plan.md. */
export function renderPlan(value: Plan): string {
  const blocks = [
    `# Implementation Plan: ${encodeText(value.title)}`,
    `**Branch**: ${codeSpan(value.branch)}${value.date === undefined ? '' : ` | **Date**: ${value.date}`} | **Spec**: [spec.md](./spec.md)`,
    `**Input**: Feature specification from ${codeSpan(value.specPath)}`,
    '## Summary', encodeParagraph(value.summary),
    '## Technical Context',
    ...contextKeys.map(([key, label]) => `**${label}**: ${encodeText(value.context[key])}`),
    '## Constitution Check',
    '*GATE: passed before research, checked again after design.*',
    value.principles.map((item) => `- **${encodeText(item.principle)}**: ${encodeText(item.note)}`).join('\n'),
    '## Project Structure',
    `### ${documentationHeading}`, fence(value.documentation),
    `### ${sourceHeading}`, fence(value.sources),
    `**Structure Decision**: ${encodeText(value.structureDecision)}`,
    ...complexity(value),
  ];
  return `${blocks.join('\n\n')}\n`;
}

const fence = (lines: readonly string[]): string => ['```text', ...lines, '```'].join('\n');

function complexity(value: Plan): string[] {
  if (value.complexity.length === 0) return [];
  const rows = value.complexity.map((row) => `| ${encodeCell(row.violation)} | ${encodeCell(row.why)} | ${encodeCell(row.rejected)} |`);
  return ['## Complexity Tracking', ['| Violation | Why Needed | Simpler Alternative Rejected Because |', '|---|---|---|', ...rows].join('\n')];
}

/** Reads a plan.md back. Throws `CASC_SPEC_INVALID`. */
export function parsePlan(markdown: string): Plan {
  const outline = new Outline('plan.md', markdown);
  const head = outline.titled(1, 'Implementation Plan: ');
  const technical = outline.section(2, 'Technical Context');
  const [meta = []] = outline.matches(head.lines.slice(0, 1), /^\*\*Branch\*\*: (.+?)(?: \| \*\*Date\*\*: (\d{4}-\d\d-\d\d))? \| \*\*Spec\*\*: \[spec\.md\]\(.+\)$/, '**Branch**: … | **Date**: … | **Spec**: …');
  const source = outline.section(3, sourceHeading);
  return outline.finish(plan, {
    title: head.heading,
    branch: readCodeSpan(meta[0] ?? ''),
    ...(meta[1] === undefined || meta[1] === '' ? {} : { date: meta[1] }),
    specPath: readCodeSpan(outline.value(head, 'Input').replace('Feature specification from ', '')),
    summary: decodeText(outline.section(2, 'Summary').lines[0] ?? ''),
    context: Object.fromEntries(contextKeys.map(([key, label]) => [key, decodeText(outline.value(technical, label))])),
    principles: outline.matches(outline.section(2, 'Constitution Check').lines.slice(1), /^- \*\*(.+?)\*\*: (.+)$/, '- **Principle**: …')
      .map(([principle = '', note = '']) => ({ principle: decodeText(principle), note: decodeText(note) })),
    documentation: fenced(outline.section(3, documentationHeading).lines),
    sources: fenced(source.lines),
    structureDecision: decodeText(outline.value(source, 'Structure Decision')),
    complexity: outline.rows(outline.find(2, 'Complexity Tracking')).map(([violation, why, rejected]) => ({ violation, why, rejected })),
  });
}

function fenced(lines: readonly string[]): string[] {
  const start = lines.indexOf('```text');
  return start < 0 ? [] : lines.slice(start + 1, lines.indexOf('```', start + 1));
}
