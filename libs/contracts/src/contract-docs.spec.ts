import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { renderContractDocs } from './contract-docs.js';
import { commands, events } from './index.js';

const file = new URL('../../../docs/events.md', import.meta.url);

describe('docs/events.md', () => {
  it('is what the definitions say (`npm run docs` writes it)', () => {
    const rendered = renderContractDocs(events, commands);
    if (process.env['CASCADE_WRITE_DOCS'] === '1') writeFileSync(file, rendered);
    expect(readFileSync(file, 'utf8')).toBe(rendered);
  });
});
