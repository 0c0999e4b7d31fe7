import { z } from 'zod';
import { decodeText, encodeText, line, lineOf } from './line.js';
import { Outline } from './outline.js';

/** The typed research.md: what was decided, why, and instead of what. */
export const research = z.object({
  title: lineOf(500),
  decisions: z.array(z.object({ topic: lineOf(300), decision: line, rationale: line, alternatives: line, source: line.optional() })).min(1).max(40),
});
export type Research = z.output<typeof research>;

export function renderResearch(value: Research): string {
  const decisions = value.decisions.map((item) => [
    `## ${encodeText(item.topic)}\n`,
    `- **Decision**: ${encodeText(item.decision)}`,
    `- **Rationale**: ${encodeText(item.rationale)}`,
    `- **Alternatives considered**: ${encodeText(item.alternatives)}`,
    ...(item.source === undefined ? [] : [`- **Source**: ${encodeText(item.source)}`]),
  ].join('\n'));
  return `${[`# Research: ${encodeText(value.title)}`, ...decisions].join('\n\n')}\n`;
}

/** Reads a research.md back. Throws `CASC_SPEC_INVALID`. */
export function parseResearch(markdown: string): Research {
  const outline = new Outline('research.md', markdown);
  const head = outline.titled(1, 'Research: ');
  const decisions = outline.sections.filter((section) => section.level === 2).map((section) => {
    const items = { ...section, lines: section.lines.map((text) => text.replace(/^- /, '')) };
    const read = (name: string): string => decodeText(outline.value(items, name));
    const source = items.lines.some((text) => text.startsWith('**Source**: ')) ? { source: read('Source') } : {};
    return { topic: decodeText(section.heading), decision: read('Decision'), rationale: read('Rationale'), alternatives: read('Alternatives considered'), ...source };
  });
  return outline.finish(research, { title: head.heading, decisions });
}
