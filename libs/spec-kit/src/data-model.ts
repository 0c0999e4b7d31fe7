import { z } from 'zod';
import { decodeText, encodeCell, encodeParagraph, encodeText, line, lineOf } from './line.js';
import { Outline, type Section } from './outline.js';

export const entity = z.object({
  name: lineOf(200),
  description: line,
  fields: z.array(z.object({ name: lineOf(200), type: lineOf(300), description: line })).max(60),
  relationships: z.array(line).max(30),
  rules: z.array(line).max(40),
  transitions: z.array(line).max(40),
});
export type Entity = z.output<typeof entity>;

/** The typed data-model.md; a feature without data has no such file. */
export const dataModel = z.object({ title: lineOf(500), entities: z.array(entity).min(1).max(40) });
export type DataModel = z.output<typeof dataModel>;

const lists = [['relationships', 'Relationships'], ['rules', 'Validation Rules'], ['transitions', 'State Transitions']] as const;

export function renderDataModel(value: DataModel): string {
  return `${[`# Data Model: ${encodeText(value.title)}`, ...value.entities.map(renderEntity)].join('\n\n')}\n`;
}

function renderEntity(value: Entity): string {
  const rows = value.fields.map((field) => `| ${encodeCell(field.name)} | ${encodeCell(field.type)} | ${encodeCell(field.description)} |`);
  return [
    `## ${encodeText(value.name)}`,
    encodeParagraph(value.description),
    ...(rows.length === 0 ? [] : ['### Fields', ['| Field | Type | Description |', '|---|---|---|', ...rows].join('\n')]),
    ...lists.flatMap(([key, heading]) => (value[key].length === 0 ? [] : [`### ${heading}`, value[key].map((item) => `- ${encodeText(item)}`).join('\n')])),
  ].join('\n\n');
}

/** Reads a data-model.md back. Throws `CASC_SPEC_INVALID`. */
export function parseDataModel(markdown: string): DataModel {
  const outline = new Outline('data-model.md', markdown);
  const head = outline.titled(1, 'Data Model: ');
  const entities = outline.sections.filter((section) => section.level === 2).map((section) => readEntity(outline, section));
  return outline.finish(dataModel, { title: head.heading, entities });
}

function readEntity(outline: Outline, section: Section): unknown {
  const parts = outline.below(section);
  const part = (heading: string): Section | undefined => parts.find((item) => item.heading === heading);
  return {
    name: decodeText(section.heading),
    description: decodeText(section.lines[0] ?? ''),
    fields: outline.rows(part('Fields')).map(([name, type, description]) => ({ name, type, description })),
    ...Object.fromEntries(lists.map(([key, heading]) => [key, outline.bullets(part(heading))])),
  };
}
