import { describe, expect, it } from '@jest/globals';
import type { Story } from '@cascade/contracts';
import fc from 'fast-check';
import { storyPath } from './document-paths.js';
import { parseStory, renderStory, type StoryText } from './story-document.js';
import { lineArbitrary, storyArbitrary } from './testing/arbitraries.js';
import { sampleStories } from './testing/samples.js';
import { tidyStory } from './tidy.js';

const sample = sampleStories[1] as Story;
const changes = [{ date: '2026-11-22', version: '1.0', description: 'Drafted | approved', author: 'Cascade' }];
const withoutAssessments = (story: Story): StoryText => {
  const { risks, scenarios, ...text } = tidyStory(story);
  expect([risks, scenarios].every(Array.isArray)).toBe(true);
  return text;
};

describe('story document', () => {
  it('has every heading of story-template-v2 in its order', () => {
    expect(renderStory(sample, 'Approved', changes).split('\n').filter((line) => line.startsWith('#'))).toEqual([
      '# Story 1.2: Show the discount', '## Status', '## Story', '## Acceptance Criteria', '## Tasks / Subtasks', '## Dev Notes', '### Testing',
      '## Change Log', '## Dev Agent Record', '### Agent Model Used', '### Debug Log References', '### Completion Notes List', '### File List', '## QA Results',
    ]);
    expect(storyPath(sample)).toBe('docs/stories/1.2.show-the-discount.md');
  });

  it('links tasks to criteria, and notes to sources', () => {
    const markdown = renderStory(sampleStories[0] as Story, 'Draft', []);
    expect(markdown).toContain('- [ ] Add applyCode to the cart (AC: 1, 2)');
    expect(markdown).toContain('- Totals are kept in cents. [Source: src/cart.js#L1-L4]');
    expect(markdown).toContain('**As a** shopper,\n**I want** to enter SAVE10,\n**so that** I pay 10 % less.');
  });

  it('comes back as it was, for every story', () => {
    const change = fc.record({ date: lineArbitrary, version: lineArbitrary, description: lineArbitrary, author: lineArbitrary });
    fc.assert(fc.property(storyArbitrary, fc.array(change, { maxLength: 3 }), fc.constantFrom('Draft' as const, 'Done' as const), (story, log, status) => {
      const document = parseStory(renderStory(story, status, log));
      expect(document).toEqual({ story: withoutAssessments(story), status, tasksDone: story.tasks.map(() => false), changes: log, qaResults: '' });
    }), { numRuns: 60 });
  });

  it('renders the same bytes from what it has read', () => {
    const markdown = renderStory(sample, 'Draft', changes);
    const { story } = parseStory(markdown);
    expect(renderStory({ ...sample, ...story }, 'Draft', changes)).toBe(markdown);
  });

  it.each(['Ready for Review', 'In Progress'])('understands the status %s of other tools', (status) => {
    expect(parseStory(renderStory(sample, 'Draft', []).replace('Draft', status)).status).toMatch(/^(Review|InProgress)$/);
  });

  it.each([
    ['## Dev Notes', 'Dev Notes'], ['**I want**', 'I want'], ['   **When**', 'acceptance criterion'], ['Draft', 'status'],
  ])('names what is missing without %s', (part, problem) => {
    expect(() => parseStory(renderStory(sample, 'Draft', []).replace(part, ''))).toThrow(problem);
  });
});
