// Extracts from GitHub's own OpenAPI description what libs/github-fake serves and sends: operations, their schemas, and
// the schemas of webhooks. The packages are large (385 MB), so they are no dependency; to refresh the extract:
//
//   npm install --prefix /tmp/openapi --ignore-scripts @octokit/openapi@23.0.2 @octokit/openapi-webhooks@12.1.0
//   node tools/github-openapi.mjs /tmp/openapi
//
// What no validator reads (prose, examples) is left out, OpenAPI 3.0's `nullable` becomes JSON Schema's type union, and a
// subschema that stands in several places is kept once, under `definitions`.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { operations, webhooks } from './github-openapi-selection.mjs';

const target = 'libs/github-fake/src/openapi/github-openapi.json';
const packages = path.join(process.argv[2] ?? '/tmp/openapi', 'node_modules/@octokit');
const prose = new Set(['description', 'summary', 'title', 'example', 'examples', 'default', 'deprecated', 'externalDocs', 'discriminator', 'xml', 'readOnly', 'x-github', 'x-multi-segment', 'x-githubEnterpriseOverlays', 'x-github-breaking-changes']);
/** A repeated subschema shorter than this (as JSON) stays where it is: a reference would hardly be shorter. */
const MIN_SHARED = 160;

const description = (name) => {
  const folder = path.join(packages, name);
  const { version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return { name: `@octokit/${name} ${version}`, document: JSON.parse(fs.readFileSync(path.join(folder, 'generated/api.github.com.json'), 'utf8')) };
};

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** `prefix` keeps apart what both documents define under one name. */
function cleaned(schema, prefix, wanted) {
  if (Array.isArray(schema)) return schema.map((one) => cleaned(one, prefix, wanted));
  if (!isObject(schema)) return schema;
  if (schema.$ref !== undefined) {
    const name = `${prefix}${schema.$ref.split('/').at(-1)}`;
    wanted.add(name);
    return { $ref: `#/definitions/${name}` };
  }
  const result = {};
  for (const [key, value] of Object.entries(schema)) {
    if (prose.has(key) || key === 'nullable') continue;
    const isNamed = (key === 'properties' || key === 'patternProperties') && isObject(value);
    result[key] = isNamed ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, cleaned(one, prefix, wanted)])) : key === 'enum' || key === 'required' ? value : cleaned(value, prefix, wanted);
  }
  return schema.nullable === true ? nullable(result) : result;
}

function nullable(schema) {
  if (typeof schema.type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const values = schema.enum === undefined || schema.enum.includes(null) ? {} : { enum: [...schema.enum, null] };
  return { ...schema, type: [schema.type, 'null'], ...values };
}

const resolved = (document, value) => value?.$ref === undefined ? value : value.$ref.split('/').slice(1).reduce((at, key) => at[key], document);
const jsonSchema = (content) => content?.['application/json']?.schema;

function operationOf(document, id, wanted) {
  for (const [route, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (operation.operationId !== id) continue;
      const query = (operation.parameters ?? []).map((one) => resolved(document, one)).filter((one) => one.in === 'query');
      const body = jsonSchema(operation.requestBody?.content);
      const responses = Object.entries(operation.responses).map(([status, one]) => [status, jsonSchema(resolved(document, one).content)]);
      return {
        method: method.toUpperCase(), path: route,
        query: { type: 'object', additionalProperties: false, properties: Object.fromEntries(query.map((one) => [one.name, cleaned(one.schema, '', wanted)])), required: query.filter((one) => one.required).map((one) => one.name) },
        ...(body === undefined ? {} : { body: cleaned(body, '', wanted) }),
        responses: Object.fromEntries(responses.map(([status, schema]) => [status, schema === undefined ? null : cleaned(schema, '', wanted)])),
      };
    }
  }
  throw new Error(`GitHub's description has no operation ${id}.`);
}

const rest = description('openapi');
const hooks = description('openapi-webhooks');
const wanted = new Set(['basic-error', 'validation-error']);
const extract = {
  source: [rest.name, hooks.name],
  operations: Object.fromEntries(operations.map((id) => [id, operationOf(rest.document, id, wanted)])),
  webhooks: Object.fromEntries(webhooks.map((name) => [name, cleaned(jsonSchema(resolved(hooks.document, hooks.document.webhooks[name]).post.requestBody.content), 'webhook:', wanted)])),
  definitions: {},
};
for (const name of wanted) {
  const ofHook = name.startsWith('webhook:');
  const schema = (ofHook ? hooks : rest).document.components.schemas[ofHook ? name.slice('webhook:'.length) : name];
  extract.definitions[name] = cleaned(schema, ofHook ? 'webhook:' : '', wanted);
}

// The description contradicts itself: in this list, and only there, an account must be a user and an enterprise at once.
extract.operations['apps/list-installations'].responses['200'] = { type: 'array', items: { $ref: '#/definitions/installation' } };
shareRepeated(extract);
fs.writeFileSync(target, `${JSON.stringify(extract)}\n`);
console.log(`${target}: ${operations.length} operations, ${webhooks.length} webhooks, ${Object.keys(extract.definitions).length} schemas, ${fs.statSync(target).size} bytes`);

/** Moves each subschema that stands in several places into `definitions`, largest first: smaller ones within it are then seen once. */
function shareRepeated(whole) {
  const places = new Map();
  const visit = (value, isSchema) => {
    if (Array.isArray(value)) return value.forEach((one) => visit(one, isSchema));
    if (!isObject(value)) return;
    if (isSchema) {
      const text = JSON.stringify(value);
      if (text.length >= MIN_SHARED && value.$ref === undefined) places.set(text, (places.get(text) ?? 0) + 1);
    }
    for (const [key, one] of Object.entries(value)) if (key !== 'enum' && key !== 'required') visit(one, key !== 'properties' && key !== 'responses');
    };
  visit(Object.values(whole.definitions), true);
  visit(Object.values(whole.webhooks), true);
  for (const one of Object.values(whole.operations)) visit([one.body, Object.values(one.responses)], true);
  const repeated = new Set([...places].filter(([, count]) => count > 1).map(([text]) => text));
  const shared = new Map(Object.entries(whole.definitions).map(([name, schema]) => [JSON.stringify(schema), name]));
  const replaced = (value, isSchema, isTop) => {
    if (Array.isArray(value)) return value.map((one) => replaced(one, isSchema, false));
    if (!isObject(value)) return value;
    const text = JSON.stringify(value);
    const inner = () => Object.fromEntries(Object.entries(value).map(([key, one]) => [key, key === 'enum' || key === 'required' ? one : replaced(one, key !== 'properties' && key !== 'responses', false)]));
    if (!isSchema || isTop || !repeated.has(text)) return inner();
    let name = shared.get(text);
    if (name === undefined) {
      name = `shared:${createHash('sha256').update(text).digest('hex').slice(0, 10)}`;
      shared.set(text, name);
      whole.definitions[name] = inner();
    }
    return { $ref: `#/definitions/${name}` };
  };
  for (const [name, schema] of Object.entries(whole.definitions)) whole.definitions[name] = replaced(schema, true, true);
  for (const [name, schema] of Object.entries(whole.webhooks)) whole.webhooks[name] = replaced(schema, true, false);
  for (const one of Object.values(whole.operations)) {
    if (one.body !== undefined) one.body = replaced(one.body, true, false);
    one.responses = replaced(one.responses, false, false);
  }
}
