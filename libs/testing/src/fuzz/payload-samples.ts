import fc from 'fast-check';
import type { z } from 'zod';
import { alternativesOf, jsonSchemaOf, resolve, type JsonSchema } from './json-schema.js';

/** Schemas may be recursive: below this, the first alternative and the shortest lists are taken. */
const DEEPEST = 6;

/** Text that every schema without a pattern accepts, paths included. */
const plainText = (min: number, max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'z', '0', '9', '-', 'é', '漢', '😀'), minLength: Math.max(1, min), maxLength: Math.max(1, min, Math.min(max, 24)) }).filter((text) => text.length <= max);

/** Values that `schema` accepts, made from its JSON Schema; rules that JSON Schema cannot say are kept by filtering. */
export function payloadSamples<S extends z.ZodType>(schema: S): fc.Arbitrary<z.input<S>> {
  const root = jsonSchemaOf(schema);
  return samples(root, root, 0).filter((value) => schema.safeParse(value).success) as fc.Arbitrary<z.input<S>>;
}

function samples(given: JsonSchema, root: JsonSchema, depth: number): fc.Arbitrary<unknown> {
  const schema = resolve(given, root);
  const below = (one: JsonSchema): fc.Arbitrary<unknown> => samples(one, root, depth + 1);
  const alternatives = alternativesOf(schema);
  if (schema.allOf !== undefined && schema.type === undefined) return fc.tuple(...schema.allOf.map(below)).map((parts) => Object.assign({}, ...parts as object[]) as unknown);
  if (alternatives !== undefined) return depth > DEEPEST ? below(alternatives[0]!) : fc.oneof(...alternatives.map(below));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object': return objectSamples(schema, below);
    case 'array': return fc.array(below(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? 2, 2)) });
    case 'string': return stringSamples(schema);
    case 'integer': return fc.integer({ min: lowest(schema), max: Math.min(schema.maximum ?? 1_000_000, 1_000_000) });
    case 'number': return fc.double({ min: lowest(schema), max: Math.min(schema.maximum ?? 1_000, 1_000), noNaN: true });
    case 'boolean': return fc.boolean();
    case 'null': return fc.constant(null);
    case undefined: default: return fc.constantFrom<unknown>('any', 1, null, true, [1], { a: { b: 'c' } });
  }
}

function objectSamples(schema: JsonSchema, below: (one: JsonSchema) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const properties = Object.entries(schema.properties ?? {}).map(([name, value]) => [name, below(value)] as const);
  if (properties.length === 0 && typeof schema.additionalProperties === 'object') return fc.dictionary(plainText(1, 20), below(schema.additionalProperties), { maxKeys: 2, noNullPrototype: true });
  return fc.record(Object.fromEntries(properties), { requiredKeys: [...(schema.required ?? [])], noNullPrototype: true });
}

function stringSamples(schema: JsonSchema): fc.Arbitrary<string> {
  const pattern = schema.pattern ?? schema.allOf?.[0]?.pattern;
  const { minLength: min = 0, maxLength: max = Infinity } = schema;
  return pattern === undefined ? plainText(min, max) : fc.stringMatching(new RegExp(pattern)).filter((text) => text.length >= min && text.length <= max);
}

/** A hundredth above an exclusive bound is inside of every bound that we have. */
const lowest = (schema: JsonSchema): number =>
  schema.type === 'integer' ? Math.max(schema.minimum ?? 0, (schema.exclusiveMinimum ?? -1) + 1) : Math.max(schema.minimum ?? 0, (schema.exclusiveMinimum ?? 0) + 0.01);
