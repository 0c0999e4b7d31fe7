import { z } from 'zod';
import { codeSpan, decodeText, encodeParagraph, encodeText, line, lineOf, readCodeSpan } from './line.js';
import { Outline, type Section } from './outline.js';

export const contractOperation = z.object({
  name: lineOf(200),
  /** One line in the repository's language, e.g. `applyDiscount(cart, code) -> Cart`. */
  signature: lineOf(500),
  behaviour: z.array(line).min(1).max(30),
  errors: z.array(line).max(30),
});

/** One file of contracts/: an interface that others rely on. */
export const contractDocument = z.object({
  /** Name of the file without `.md`. */
  slug: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/).max(60),
  title: lineOf(300),
  description: line,
  operations: z.array(contractOperation).min(1).max(40),
});
export type ContractDocument = z.output<typeof contractDocument>;

export function renderContract(value: ContractDocument): string {
  const operations = value.operations.map((item) => [
    `## ${encodeText(item.name)}`,
    `**Signature**: ${codeSpan(item.signature)}`,
    '### Behaviour',
    item.behaviour.map((text) => `- ${encodeText(text)}`).join('\n'),
    ...(item.errors.length === 0 ? [] : ['### Errors', item.errors.map((text) => `- ${encodeText(text)}`).join('\n')]),
  ].join('\n\n'));
  return `${[`# Contract: ${encodeText(value.title)}`, encodeParagraph(value.description), ...operations].join('\n\n')}\n`;
}

/** Reads a file of contracts/ back; `slug` is its name without `.md`. Throws `CASC_SPEC_INVALID`. */
export function parseContract(slug: string, markdown: string): ContractDocument {
  const outline = new Outline(`contracts/${slug}.md`, markdown);
  const head = outline.titled(1, 'Contract: ');
  const operations = outline.sections.filter((section) => section.level === 2).map((section) => {
    const parts = outline.below(section);
    const part = (heading: string): Section | undefined => parts.find((item) => item.heading === heading);
    return {
      name: decodeText(section.heading),
      signature: readCodeSpan(outline.value(section, 'Signature')),
      behaviour: outline.bullets(part('Behaviour')),
      errors: outline.bullets(part('Errors')),
    };
  });
  return outline.finish(contractDocument, { slug, title: head.heading, description: decodeText(head.lines[0] ?? ''), operations });
}
