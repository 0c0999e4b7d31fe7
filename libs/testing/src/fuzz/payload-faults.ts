import { alternativesOf, jsonSchemaOf, resolve, type JsonSchema } from './json-schema.js';
import type { z } from 'zod';

/** A payload that its contract must refuse. */
export interface PayloadFault {
  /** The payload's JSON text. */
  readonly text: string;
  /** Where it is wrong, e.g. `data.stories.0.title`. */
  readonly place: string;
  /** What was done to it, e.g. `too long`. */
  readonly trick: string;
}

interface Site {
  readonly path: readonly string[];
  readonly schema: JsonSchema;
  readonly value: unknown;
  readonly required: boolean;
}

type Wrong = readonly [trick: string, value: unknown];
const MISSING = Symbol('missing');
/** Far beyond nearly every bound, and still small enough for thousands of them. */
const HUGE = 20_000;

/** Breaks one place of a valid payload in one way; `at` and `how` choose which, by modulo. */
export function breakPayload(schema: z.ZodType, valid: unknown, at: number, how: number): PayloadFault {
  const root = jsonSchemaOf(schema);
  const sites = [...sitesOf(root, root, valid, [], true)];
  const chosen = sites[at % sites.length]!;
  const site = wrongsOf(chosen).length > 0 ? chosen : sites[0]!; // where anything may be nothing is wrong
  const wrongs = wrongsOf(site);
  const [trick, value] = wrongs[how % wrongs.length]!;
  return { text: JSON.stringify(replaced(valid, site.path, value)), place: ['data', ...site.path].join('.'), trick };
}

function* sitesOf(given: JsonSchema, root: JsonSchema, value: unknown, path: readonly string[], required: boolean): Generator<Site> {
  const schema = resolve(given, root);
  yield { path, schema, value, required };
  if (alternativesOf(schema) !== undefined || typeof value !== 'object' || value === null) return;
  for (const [name, below] of Object.entries(value)) {
    const next = Array.isArray(value) ? schema.items : schema.properties?.[name] ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined);
    if (next !== undefined) yield* sitesOf(next, root, below, [...path, name], schema.required?.includes(name) ?? false);
  }
}

/** What this place must not hold. */
function wrongsOf({ schema, value, required, path }: Site): Wrong[] {
  const missing: Wrong[] = required && path.length > 0 ? [['missing', MISSING]] : [];
  if (alternativesOf(schema) !== undefined || schema.allOf !== undefined && schema.type === undefined) return [...missing, ['no alternative', 7], ['no alternative', ['x']]];
  if (schema.const !== undefined || schema.enum !== undefined) return [...missing, ['unknown value', 'unheard-of'], ['wrong type', 1], ['wrong type', null], ['unknown value', '__proto__']];
  switch (schema.type) {
    case 'object': return [...missing, ...objectWrongs(schema, value)];
    case 'array': return [...missing, ...arrayWrongs(schema, value as unknown[])];
    case 'string': return [...missing, ...stringWrongs(schema, value as string)];
    case 'integer': case 'number': return [...missing, ...numberWrongs(schema)];
    case 'boolean': return [...missing, ['wrong type', 'true'], ['wrong type', 0], ['wrong type', null]];
    case undefined: default: return missing;
  }
}

function objectWrongs(schema: JsonSchema, value: unknown): Wrong[] {
  const hidden = (name: string): Wrong => [`everything below ${name}`, JSON.parse(`{"${name}":${JSON.stringify(value)}}`)];
  const polluted: Wrong[] = (schema.required ?? []).length === 0 ? [] : [hidden('__proto__'), hidden('constructor'), hidden('prototype')];
  return [['wrong type', []], ['wrong type', null], ['wrong type', 'text'], ['wrong type', true], ...polluted];
}

function arrayWrongs({ minItems = 0, maxItems }: JsonSchema, value: unknown[]): Wrong[] {
  return [
    ['wrong type', { length: 1 }], ['wrong type', null], ['wrong type', '[]'],
    ...(minItems > 0 ? [['too few', value.slice(0, minItems - 1)] as const] : []),
    ...(maxItems !== undefined && value.length > 0 ? [['too many', Array.from({ length: maxItems + 1 }, () => value[0])] as const] : []),
  ];
}

function stringWrongs(schema: JsonSchema, value: string): Wrong[] {
  const { minLength = 0, maxLength } = schema;
  const isPattern = (schema.pattern ?? schema.allOf) !== undefined;
  return [
    ['wrong type', 1], ['wrong type', null], ['wrong type', { toString: 'x' }], ['wrong type', [value]],
    ...(minLength > 0 ? [['empty', ''] as const] : []),
    ...(maxLength === undefined ? [] : [['too long', 'x'.repeat(maxLength + 1)] as const, ['huge', '\u{1f600}'.repeat(Math.min(maxLength, HUGE) + 1)] as const]),
    ...(isPattern ? [['null byte', `${value}\0`] as const, ['lone surrogate', `${value}\ud800`] as const, ['second line', `${value}\n${value}`] as const, ['huge', 'f'.repeat(HUGE)] as const, ['bidirectional override', `\u202e${value}`] as const] : []),
  ];
}

function numberWrongs({ type, minimum, maximum, exclusiveMinimum }: JsonSchema): Wrong[] {
  const lowest = minimum ?? exclusiveMinimum;
  return [
    ['wrong type', '1'], ['wrong type', null], ['wrong type', [1]], ['wrong type', {}],
    ...(type === 'integer' ? [['a fraction', 1.5] as const, ['not safe', 2 ** 60] as const] : []),
    ...(exclusiveMinimum === undefined ? [] : [['too small', exclusiveMinimum] as const]),
    ...(lowest === undefined || lowest <= Number.MIN_SAFE_INTEGER ? [] : [['too small', lowest - 1] as const]),
    ...(maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? [] : [['too large', maximum + 1] as const]),
  ];
}

function replaced(value: unknown, [name, ...rest]: readonly string[], wrong: unknown): unknown {
  if (name === undefined) return wrong;
  if (Array.isArray(value)) return value.map((one, index) => (String(index) === name ? replaced(one, rest, wrong) : one as unknown));
  const entries = Object.entries(value as object).filter(([key]) => key !== name || wrong !== MISSING || rest.length > 0);
  return Object.fromEntries(entries.map(([key, one]) => [key, key === name ? replaced(one, rest, wrong) : one as unknown]));
}
