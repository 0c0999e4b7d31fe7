import { z } from 'zod';
import { storyId } from './bmad-model.js';
import { relativePath } from './repository-path.js';
import { specTask, taskId } from './task-model.js';

/** Names are identifiers in JSON, TypeScript and Python alike, so that no generator has to escape them. */
export const identifier = z.string().regex(/^[a-z][A-Za-z0-9]{1,63}$/);

export type FieldType =
  | { kind: 'string' | 'number' | 'integer' | 'boolean' | 'json' }
  | { kind: 'code'; language: string }
  | { kind: 'enum'; values: string[] }
  | { kind: 'array'; of: FieldType }
  | { kind: 'files' };

/** `files`: one `<<<FILE path>>>` section per file; source code travels as raw text, never inside JSON. */
export const fieldType: z.ZodType<FieldType> = z.lazy(() => z.union([
  z.object({ kind: z.enum(['string', 'number', 'integer', 'boolean', 'json', 'files']) }),
  z.object({ kind: z.literal('code'), language: z.string().max(40) }),
  z.object({ kind: z.literal('enum'), values: z.array(z.string().min(1).max(100)).min(1).max(50) }),
  z.object({ kind: z.literal('array'), of: fieldType }),
])) as z.ZodType<FieldType>;

export const programField = z.object({ name: identifier, description: z.string().max(2000), type: fieldType, optional: z.boolean().optional() });
export type ProgramField = z.output<typeof programField>;

/** A closed set: nothing in a program is ever evaluated. `host` names a predicate of the executor's registry. */
export const constraint = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/),
  field: identifier,
  message: z.string().min(1).max(500),
  severity: z.enum(['assert', 'suggest']),
}).and(z.discriminatedUnion('op', [
  z.object({ op: z.enum(['minLength', 'maxLength', 'minItems', 'maxItems']), value: z.number().int().min(0) }),
  z.object({ op: z.literal('everyPathIn'), paths: z.array(relativePath).max(40) }),
  z.object({ op: z.literal('host'), name: identifier }),
]));
export type Constraint = z.output<typeof constraint>;

export const predictor = z.object({
  name: identifier,
  strategy: z.enum(['predict', 'chainOfThought']),
  signature: z.object({
    name: z.string().regex(/^[A-Z][A-Za-z0-9]{1,63}$/),
    instructions: z.string().min(1).max(20_000),
    inputs: z.array(programField).min(1).max(20),
    outputs: z.array(programField).min(1).max(20),
  }),
  demos: z.array(z.record(z.string(), z.unknown())).max(16),
  constraints: z.array(constraint).max(40),
});
export type Predictor = z.output<typeof predictor>;

/** A name that the task's code gives to others: what the tests import and the signature stubs provide. */
export const programInterface = z.object({
  path: relativePath,
  name: z.string().regex(/^[A-Za-z_$][\w$]{0,80}$/),
  kind: z.enum(['function', 'class', 'constant']),
  /** One line in the repository's language, e.g. `applyDiscount(cart, code) -> Cart`. */
  signature: z.string().min(1).max(300),
  /** What callers may rely on, each a sentence. */
  behaviour: z.array(z.string().min(1).max(500)).min(1).max(20),
  /** Only for classes. */
  methods: z.array(z.string().regex(/^[A-Za-z_$][\w$]{0,80}$/)).max(40),
});
export type ProgramInterface = z.output<typeof programInterface>;

/** One task as a typed LLM program: JSON data whose canonical form's SHA-256 is its identity. */
export const program = z.object({
  format: z.literal('cascade-program/1'),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,80}$/),
  task: specTask,
  storyId: storyId.optional(),
  predictors: z.array(predictor).min(1).max(4),
  module: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('single'), predictor: identifier }),
    z.object({ kind: z.literal('refine'), predictor: identifier, attempts: z.number().int().min(1).max(10), reward: identifier }),
  ]),
  /** The only files that its answers may write. */
  allowedPaths: z.array(relativePath).min(1).max(20),
  /** Files whose text goes into its prompts. */
  contextPaths: z.array(relativePath).max(20),
  interface: z.array(programInterface).max(20),
  dependsOn: z.array(taskId).max(30),
  tests: z.array(taskId).max(10),
  parallel: z.boolean(),
  tddRequired: z.boolean(),
  /** Hash of the specification that it was made from. */
  specHash: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Program = z.output<typeof program>;
