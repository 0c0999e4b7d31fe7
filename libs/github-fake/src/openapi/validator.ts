import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { description, type JsonSchema } from './description.js';

/** What was said that GitHub's description does not allow: by a client, by this fake, or in a webhook. */
export interface Violation {
  readonly where: string;
  readonly problems: readonly string[];
}

/** More are only counted: each is a defect, and the first ones tell which. */
const MAX_VIOLATIONS = 100;

/** Compiling takes most of the time, so validators are made when first needed, shared by all fakes of a process, and not checked themselves. */
const ajv = new Ajv2020({ validateSchema: false, strict: false, allErrors: false, coerceTypes: false, inlineRefs: false, logger: false });
const queries = new Ajv2020({ validateSchema: false, strict: false, allErrors: true, coerceTypes: true, logger: false });
const compiled = new Map<string, ValidateFunction>();
for (const one of [ajv, queries]) {
  addFormats.default(one);
  one.addSchema({ $id: 'github', definitions: description.definitions });
}

/** Definitions refer to each other from their document's root; what stands outside of it needs the document's name. */
const located = (schema: JsonSchema): JsonSchema => JSON.parse(JSON.stringify(schema).replaceAll('"#/definitions/', '"github#/definitions/')) as JsonSchema;

function validatorFor(key: string, schema: JsonSchema, by = ajv): ValidateFunction {
  let validate = compiled.get(key);
  if (validate === undefined) compiled.set(key, (validate = by.compile(located(schema))));
  return validate;
}

const told = (errors: readonly ErrorObject[] | null | undefined): string[] =>
  (errors ?? []).slice(0, 5).map((error) => `${error.instancePath} ${error.message ?? ''} ${JSON.stringify(error.params)}`.trim());

export class Validator {
  readonly violations: Violation[] = [];

  /** @returns the problems of a request; each is also a violation. */
  request(operation: string, query: Readonly<Record<string, string>>, body: unknown): readonly string[] {
    const described = description.operations[operation];
    if (described === undefined) return [];
    const ofQuery = this.#check(`query of ${operation}`, described.query, { ...query }, queries);
    if (described.body === undefined || (body === undefined && ofQuery.length > 0)) return ofQuery;
    return [...ofQuery, ...this.#check(`body of ${operation}`, described.body, body ?? {})];
  }

  response(operation: string, status: number, body: unknown): void {
    const schema = description.operations[operation]?.responses[String(status)];
    if (schema === undefined && status < 300) this.#add(`answer ${status} of ${operation}`, ['GitHub never gives this status here']);
    else if (schema === null || status === 204) { if (body !== undefined) this.#add(`answer ${status} of ${operation}`, ['has a body']); }
    else if (schema === undefined) this.#check('refusal', { $ref: '#/definitions/basic-error' }, body);
    else this.#check(`answer ${status} of ${operation}`, schema, body);
  }

  webhook(event: string, action: string | undefined, payload: unknown): void {
    const name = [event, ...(action === undefined ? [] : [action])].join('-').replaceAll('_', '-');
    const schema = description.webhooks[name];
    if (schema === undefined) this.#add(`webhook ${name}`, ['is not in the description']);
    else this.#check(`webhook ${name}`, schema, payload);
  }

  #check(where: string, schema: JsonSchema, value: unknown, by = ajv): readonly string[] {
    const validate = validatorFor(where, schema, by);
    if (validate(value)) return [];
    const problems = told(validate.errors);
    this.#add(where, problems);
    return problems;
  }

  #add(where: string, problems: readonly string[]): void {
    if (this.violations.length < MAX_VIOLATIONS) this.violations.push({ where, problems });
  }
}
