import { describe, expect, it } from '@jest/globals';
import type { Story } from '@cascade/contracts';
import fc from 'fast-check';
import { parseTestDesign, plannedCoverage, renderTestDesign } from './test-design.js';
import { storyArbitrary } from './testing/arbitraries.js';
import { sampleStories } from './testing/samples.js';
import { tidyStory } from './tidy.js';

describe('test design', () => {
  it('lists scenarios by criterion', () => {
    const markdown = renderTestDesign(sampleStories[0] as Story, '2026-11-22');
    expect(markdown).toContain('### AC1: the total is 90\n\n| ID | Level | Priority | Test | Mitigates |');
    expect(markdown).toContain('| 1.1-UNIT-001 | unit | P0 | SAVE10 on 100 gives 90 | DATA-001 |');
  });

  it('gives every scenario back', () => {
    fc.assert(fc.property(storyArbitrary, (story) => {
      expect(parseTestDesign(renderTestDesign(story, '2026-11-22'))).toEqual({ storyId: story.id, scenarios: tidyStory(story).scenarios });
    }), { numRuns: 60 });
  });

  it('counts planned coverage', () => {
    const story = sampleStories[0] as Story;
    expect(plannedCoverage({ ...story, scenarios: story.scenarios.slice(0, 1) })).toEqual({ covered: [1], gaps: [2], share: 0.5 });
  });

  it('refuses a malformed scenario', () => {
    const markdown = renderTestDesign(sampleStories[0] as Story, '2026-11-22').replace('| unit |', '| manual |');
    expect(() => parseTestDesign(markdown)).toThrow('level');
  });
});
