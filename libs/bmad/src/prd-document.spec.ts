import { describe, expect, it } from '@jest/globals';
import { renderPrd } from './prd-document.js';
import { sampleEpic, sampleStories } from './testing/samples.js';

describe('PRD', () => {
  it('has the headings of prd-template-v2 in their order and points at the epic', () => {
    const markdown = renderPrd(sampleEpic, sampleStories, {
      repositoryName: 'shop', date: '2026-11-22',
      testPlan: { ecosystem: 'node', runner: 'node-test', command: ['npm', 'test'], moduleSystem: 'esm', typescript: false, dependencies: 'none', testDirectory: 'test/' },
    });
    expect(markdown.split('\n').filter((line) => line.startsWith('## '))).toEqual([
      '## Goals and Background Context', '## Requirements', '## Technical Assumptions', '## Epic List', '## Checklist Results Report', '## Next Steps',
    ]);
    expect(markdown).toContain('[Epic 1: Discount codes](prd/epic-1-discount-codes.md), 2 stories');
    expect(markdown).toContain('`npm test` (node-test)');
  });
});
