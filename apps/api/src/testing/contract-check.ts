import { readFileSync } from 'node:fs';
import ajv2020Module from 'ajv/dist/2020.js';

interface ResponseObject {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}
type PathItem = Readonly<Record<string, { readonly operationId: string; readonly responses: Readonly<Record<string, ResponseObject>> }>>;

const document = JSON.parse(readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8')) as { paths: Record<string, PathItem>; components: { responses: Record<string, ResponseObject> } };
const ajv = new ajv2020Module.default({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema({ ...document, $id: 'api' });
const patterns = Object.keys(document.paths).map((path) => ({ path, pattern: new RegExp(`^${path.replace('{path}', '.+').replaceAll(/\{\w+\}/g, '[^/]+')}$`) }))
  .toSorted((a, b) => Number(a.path.includes('{')) - Number(b.path.includes('{')) || b.path.length - a.path.length);

/** Operations that an answer was checked of, with its status. */
export const checked = new Set<string>();
export const operationIds: readonly string[] = Object.values(document.paths).flatMap((item) => Object.values(item).map(({ operationId }) => operationId));

/** What an answer has that the OpenAPI document does not say, or lacks of what it says; nothing when all is well. */
export async function contractProblems(method: string, address: string, response: Response): Promise<string[]> {
  const path = address.split('?')[0]!;
  const found = patterns.find(({ path: template, pattern }) => pattern.test(path) && document.paths[template]![method.toLowerCase()] !== undefined);
  if (found === undefined) return [`${method} ${path} is in no document`];
  const operation = document.paths[found.path]![method.toLowerCase()]!;
  checked.add(`${operation.operationId} ${response.status}`);
  const named = operation.responses[String(response.status)];
  if (named === undefined) return [`${operation.operationId} does not say that it answers ${response.status}: ${await response.clone().text()}`];
  const said = named.$ref === undefined ? named : document.components.responses[named.$ref.split('/').at(-1)!]!;
  const missing = Object.keys(said.headers ?? {}).filter((name) => !response.headers.has(name)).map((name) => `${operation.operationId} lacks the header ${name}`);
  return [...missing, ...await bodyProblems(operation.operationId, said, response)];
}

async function bodyProblems(id: string, { content = {} }: ResponseObject, response: Response): Promise<string[]> {
  const [type] = Object.keys(content);
  const text = await response.clone().text();
  if (type === undefined) return text === '' ? [] : [`${id} has a body: ${text.slice(0, 100)}`];
  const given = response.headers.get('content-type') ?? '';
  if (given.split(';')[0] !== type.split(';')[0]) return [`${id} answers ${given} instead of ${type}`];
  const schema = content[type]?.schema;
  if (schema === undefined) return [];
  const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/')) as object);
  return validate(JSON.parse(text)) ? [] : (validate.errors ?? []).map((error) => `${id} ${response.status}: ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
}
