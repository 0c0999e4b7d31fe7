import { readFileSync } from 'node:fs';

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface OperationDescription {
  readonly method: string;
  /** With `{name}` where a value stands. */
  readonly path: string;
  readonly query: JsonSchema;
  readonly body?: JsonSchema;
  /** By status; null where an answer has no JSON body. */
  readonly responses: Readonly<Record<string, JsonSchema | null>>;
}

interface Description {
  readonly operations: Readonly<Record<string, OperationDescription>>;
  readonly webhooks: Readonly<Record<string, JsonSchema>>;
  readonly definitions: Readonly<Record<string, JsonSchema>>;
}

/** The part of GitHub's own OpenAPI description that is served here; tools/github-openapi.mjs extracts it. */
export const description = JSON.parse(readFileSync(new URL('./github-openapi.json', import.meta.url), 'utf8')) as Description;
