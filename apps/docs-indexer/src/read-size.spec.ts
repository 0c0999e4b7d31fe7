import { describe, expect, it } from '@jest/globals';
import type { FileFacts } from '@cascade/docs-graph';
import { MAX_MENTIONS, MAX_NODES, ReadSize } from './read-size.js';

const source = (parts: object): FileFacts => ({ status: 'source', functions: [], classes: [], calls: [], locals: [], imports: [], ...parts }) as unknown as FileFacts;
const many = (length: number): unknown[] => Array.from({ length });

describe('ReadSize', () => {
  it.each([
    ['functions', MAX_NODES, source({ functions: many(50_000 - 1) })],
    ['classes', MAX_NODES, source({ classes: many(50_000 - 1) })],
    ['pages', MAX_NODES, { status: 'document', pages: many(50_000 - 1) } as unknown as FileFacts],
    ['calls', MAX_MENTIONS, source({ calls: many(500_000) })],
    ['imports', MAX_MENTIONS, source({ imports: many(500_000) })],
  ])('refuses a commit with more %s than may be held, before all of it was read', (_, limit, facts) => {
    const size = new ReadSize();
    const each = limit === MAX_NODES ? 50_000 : 500_000;
    for (let file = 0; file < limit / each; file += 1) size.add(facts);
    expect(() => size.add(facts)).toThrow(expect.objectContaining({ code: 'CASC_DOCS_TOO_LARGE', kind: 'terminal', message: expect.stringContaining(String(limit)) }));
  });

  it('counts files that say nothing', () => {
    const size = new ReadSize();
    for (let file = 0; file < MAX_NODES; file += 1) size.add({ status: 'skipped', path: 'a', reason: 'minified' });
    expect(() => size.add({ status: 'skipped', path: 'a', reason: 'minified' })).toThrow(expect.objectContaining({ code: 'CASC_DOCS_TOO_LARGE' }));
  });
});
