import { z } from 'zod';
import { epic, story } from './bmad-model.js';
import { cascadeSummary, problem, taskEvidence } from './cascade-events.js';
import { docsSymbol, memberSymbol, reachedSymbol, searchHit } from './docs-answers.js';
import { program } from './program-model.js';
import { project, testPlan } from './project.js';
import { specTask } from './task-model.js';

/** Parts of contracts that generated documents name once and refer to. */
const named = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries({
  CascadeSummary: cascadeSummary, DocsMember: memberSymbol, DocsReached: reachedSymbol, DocsSearchHit: searchHit, DocsSymbol: docsSymbol,
  Epic: epic, EventProblem: problem, Program: program, Project: project, SpecTask: specTask, Story: story, TaskEvidence: taskEvidence, TestPlan: testPlan,
})) named.add(schema, { id });

type Json = Readonly<Record<string, unknown>>;

/**
 * The `components/schemas` of an OpenAPI or AsyncAPI document, filled while the document is written: JSON Schemas of
 * contracts, without references into themselves, because a document's references begin at its own root.
 */
export class SchemaComponents {
  readonly all: Record<string, Json> = {};

  /** `draft-7` is what AsyncAPI's tools read, `draft-2020-12` is OpenAPI 3.1's. */
  constructor(private readonly target: 'draft-7' | 'draft-2020-12') {}

  /** Adds the schema under a name, and gives the reference to it. `input`: as a sender may write it, with defaults left out. */
  add(name: string, schema: z.ZodType, io: 'input' | 'output'): Json {
    const { $schema: _, $defs, definitions, ...root } = z.toJSONSchema(schema, { target: this.target, io, unrepresentable: 'any', metadata: named }) as Record<string, Json>;
    const nameOf = (definition: string): string => (definition.startsWith('__') ? `${name}.${definition.slice(2)}` : definition);
    const relocated = (part: unknown): Json => JSON.parse(JSON.stringify(part), (key, value: unknown) => (key === '$ref' && typeof value === 'string' ? placeOf(value, name, nameOf) : value)) as Json;
    for (const [definition, part] of Object.entries($defs ?? definitions ?? {})) this.all[nameOf(definition)] = relocated(part);
    this.all[name] = relocated(root);
    return refTo(name);
  }
}

const refTo = (name: string): { readonly $ref: string } => ({ $ref: `#/components/schemas/${name}` });

function placeOf(reference: string, root: string, nameOf: (definition: string) => string): string {
  const definition = /^#\/(?:\$defs|definitions)\/(.+)$/.exec(reference)?.[1];
  return refTo(definition === undefined ? root : nameOf(definition)).$ref;
}
