import { describe, expect, it } from '@jest/globals';
import type { Story } from '@cascade/contracts';
import fc from 'fast-check';
import { parseStory, renderStory } from './story-document.js';
import { appendQaReview, parseQaReviews, withDevAgentRecord, withStatus, withTasksDone, type QaReview } from './story-edits.js';
import { lineArbitrary, storyArbitrary } from './testing/arbitraries.js';
import { sampleStories } from './testing/samples.js';

const markdown = renderStory(sampleStories[0] as Story, 'Approved', []);
const review: QaReview = {
  date: '2026-11-22', reviewer: 'Cascade', assessment: 'All criteria are proved.', compliance: ['AC1: 1 passing test'], files: [], gate: 'PASS', gatePath: 'docs/qa/gates/1.1-apply-a-code.yml',
};

describe('edits of a story file', () => {
  it('changes the status and nothing else', () => {
    const edited = withStatus(markdown, 'Done');
    expect(parseStory(edited)).toEqual({ ...parseStory(markdown), status: 'Done' });
    expect(edited.length).toBe(markdown.length - 'Approved'.length + 'Done'.length);
  });

  it('checks tasks and nothing else', () => {
    expect(parseStory(withTasksDone(markdown))).toEqual({ ...parseStory(markdown), tasksDone: [true] });
  });

  it('fills in the developer record, with dollar signs as they are', () => {
    const edited = withDevAgentRecord(markdown, { model: '$& model', notes: ['red $1 then green'], files: ['src/cart.js'] });
    expect(edited).toContain('### Agent Model Used\n\n$& model\n\n### Debug Log References\n\n### Completion Notes List\n\n- red $1 then green\n\n### File List\n\n- src/cart.js\n\n## QA Results');
    expect(parseStory(edited).story).toEqual(parseStory(markdown).story);
  });

  it('appends reviews with the gate hook and keeps earlier ones', () => {
    const second: QaReview = { ...review, gate: 'CONCERNS', assessment: 'Later.' };
    const edited = appendQaReview(appendQaReview(markdown, review), second);
    expect(edited).toContain('### Gate Status\n\nGate: PASS → docs/qa/gates/1.1-apply-a-code.yml');
    expect(edited).toContain('✗ Changes Required');
    expect(parseQaReviews(edited)).toEqual([review, second]);
  });

  it('reads back every review and leaves every story as it was', () => {
    const arbitrary = fc.record({
      date: fc.constant('2026-11-22'), reviewer: lineArbitrary, assessment: lineArbitrary, compliance: fc.array(lineArbitrary.filter((line) => line !== 'none'), { maxLength: 3 }), files: fc.constant(['a.js']),
      gate: fc.constantFrom('PASS' as const, 'CONCERNS' as const, 'FAIL' as const), gatePath: fc.constant('docs/qa/gates/1.1-x.yml'),
    });
    fc.assert(fc.property(storyArbitrary, arbitrary, (story, entry) => {
      const before = renderStory(story, 'Review', []);
      const after = appendQaReview(before, entry);
      expect(parseQaReviews(after)).toEqual([entry]);
      expect({ ...parseStory(after), qaResults: '' }).toEqual(parseStory(before));
    }), { numRuns: 60 });
  });

  it('refuses a file that is no story', () => {
    expect(() => withStatus('# Readme', 'Done')).toThrow('not a story');
  });
});
