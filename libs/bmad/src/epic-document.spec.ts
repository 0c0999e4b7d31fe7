import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { epicPath } from './document-paths.js';
import { outlineOf, parseEpic, renderEpic } from './epic-document.js';
import { epicArbitrary, storyArbitrary } from './testing/arbitraries.js';
import { sampleEpic, sampleStories } from './testing/samples.js';
import { tidyEpic, tidyStory } from './tidy.js';

describe('epic document', () => {
  it('is a shard of the PRD', () => {
    expect(epicPath(sampleEpic)).toBe('docs/prd/epic-1-discount-codes.md');
    const markdown = renderEpic(sampleEpic, sampleStories);
    expect(markdown.split('\n').filter((line) => line.startsWith('#'))).toEqual([
      '# Epic 1 Discount codes', '## Background', '## Requirements', '### Functional', '### Non Functional',
      '## Story 1.1 Apply a code', '### Acceptance Criteria', '## Story 1.2 Show the discount', '### Acceptance Criteria',
    ]);
    expect(markdown).toContain('- FR1: The cart accepts the code SAVE10.');
    expect(markdown).toContain('1. **Given** a cart with a total of 100\n   **When** the code SAVE10 is applied\n   **Then** the total is 90');
  });

  it('comes back as it was, for every epic', () => {
    fc.assert(fc.property(epicArbitrary, fc.array(storyArbitrary, { maxLength: 3 }), (epic, stories) => {
      const tidy = stories.map(tidyStory);
      expect(parseEpic(renderEpic(epic, tidy))).toEqual({ epic: tidyEpic(epic), stories: tidy.map(outlineOf) });
    }), { numRuns: 60 });
  });

  it.each([['', 'the first heading'], ['# Epic 1 T\n\ngoal\n', 'Background'], ['# Epic 1 T\n\ngoal\n\n## Background\n\nb\n\n### Functional\n\nx\n\n### Non Functional\n', 'requirements']])('refuses %j', (markdown, problem) => {
    expect(() => parseEpic(markdown)).toThrow(problem);
  });
});
