import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import specs from '@asyncapi/specs';
import ajvModule from 'ajv';
import formatsModule from 'ajv-formats';
import { renderAsyncApi } from './async-api.js';
import { commands, events } from './index.js';

const file = new URL('../../../docs/asyncapi.json', import.meta.url);
const document = renderAsyncApi(events, commands) as { components: { schemas: Record<string, object> }; channels: object };

describe('docs/asyncapi.json', () => {
  it('is what the definitions say (`npm run docs` writes it)', () => {
    const text = `${JSON.stringify(document, null, 1)}\n`;
    if (process.env['CASCADE_WRITE_DOCS'] === '1') writeFileSync(file, text);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('is an AsyncAPI 3 document', () => {
    const ajv = new ajvModule.default({ strict: false, allErrors: true, validateFormats: false, meta: false, validateSchema: false });
    const validate = ajv.compile(specs.schemas['3.0.0'] as object);
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ ...document, channels: [] })).toBe(false);
  });

  it('refers to nothing that is not there, and describes every payload as the contract has it', () => {
    const text = JSON.stringify(document);
    const missing = [...new Set([...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path!))].filter((path) => path.split('/').reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], document) === undefined);
    expect(missing).toEqual([]);
    const ajv = formatsModule.default(new ajvModule.default({ strict: false }));
    ajv.addSchema({ $id: 'asyncapi', ...document });
    const accepts = (type: string, data: unknown): boolean => ajv.compile({ $ref: `asyncapi#/components/schemas/${type}` })(data);
    expect(accepts('cascade.requested', { request: 'Add codes', repository: '/srv/shop' })).toBe(true);
    expect(accepts('cascade.requested', { request: 'Add codes' })).toBe(false);
    expect(accepts('docs.cypher.reply', { branch: 'main', indexed_commit: 'a'.repeat(40), stale: false, partial: false, columns: ['x'], rows: [[{ deep: [1, null] }]], more: false })).toBe(true);
  });
});
