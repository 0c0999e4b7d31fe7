import { z } from 'zod';

/** The part of JSON Schema that zod writes for our contracts. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

const made = new WeakMap<z.ZodType, JsonSchema>();

/** What may be sent to `schema`, as JSON Schema. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const json = made.get(schema) ?? (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema);
  made.set(schema, json);
  return json;
}

/** The schema itself when it is a reference into `root`. */
export function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const target = schema.$ref === '#' ? root : schema.$ref === undefined ? schema : root.$defs?.[schema.$ref.slice('#/$defs/'.length)];
  if (target === undefined) throw new TypeError(`The schema has no ${schema.$ref}.`);
  return target;
}

export const alternativesOf = (schema: JsonSchema): readonly JsonSchema[] | undefined => schema.anyOf ?? schema.oneOf;
