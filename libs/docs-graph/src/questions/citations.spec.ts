import { describe, expect, it } from '@jest/globals';
import { fileId } from '../graph/graph-ids.js';
import { DocsReadModel } from './read-model.js';

describe('citations', () => {
  const model = new DocsReadModel({ repository: 'shop', branch: 'main' });
  const file = (path: string, lines: number, status: 'source' | 'skipped') => ({ table: 'File' as const, id: fileId('shop@main', path), scope: 'shop@main', path, blob: '', language: '', lines, status, problem: '' });
  model.load([{ path: '', blob: '', nodes: [file('src/a.ts', 10, 'source'), file('odd#100%.ts', 3, 'source'), file('logo.ts', 0, 'skipped')], edges: [] }]);

  it('exist when the file is indexed and has the lines', () => {
    const asked = { 'src/a.ts#L1-L10': '', 'odd#100%.ts#L2-L2': '', 'src/a.ts#L10-L11': 'no-such-lines', 'src/b.ts#L1-L1': 'no-such-file', 'logo.ts#L1-L1': 'no-such-file' };
    expect(Object.fromEntries(model.citations(Object.keys(asked)).map(({ source, problem }) => [source, problem]))).toEqual(asked);
    expect(model.citations(['src/a.ts#L1-L1'])).toEqual([{ source: 'src/a.ts#L1-L1', exists: true, problem: '' }]);
  });

  it('are refused in any other form', () => {
    for (const source of ['', 'src/a.ts', 'src/a.ts#L0-L1', 'src/a.ts#L3-L2', 'src/a.ts#L1', '#L1-L2', 'src/a.ts#L1-L99999999999', `${'x'.repeat(100_000)}#L1-L2`, 'src/a.ts#L1-L2\n']) {
      expect(model.citations([source])).toEqual([{ source, exists: false, problem: 'malformed' }]);
    }
    expect(() => model.citations(Array.from({ length: 201 }, () => 'a#L1-L1'))).toThrow(expect.objectContaining({ code: 'CASC_QUESTION_INVALID' }));
  });
});
