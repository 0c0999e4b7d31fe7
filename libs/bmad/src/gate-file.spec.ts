import { describe, expect, it } from '@jest/globals';
import type { Story } from '@cascade/contracts';
import fc from 'fast-check';
import { gatePath } from './document-paths.js';
import { buildGate, parseGate, renderGate } from './gate-file.js';
import { lineArbitrary, storyArbitrary } from './testing/arbitraries.js';
import { sampleStories } from './testing/samples.js';

const sample = sampleStories[0] as Story;
const input = { story: sample, criteria: [{ id: 1, passingTests: ['a'] }, { id: 2, passingTests: [] }], issues: [], reviewer: 'Cascade', updated: '2026-11-22T14:00:00Z' };

describe('gate file', () => {
  it('has the required fields of schema 1 first, and a quoted story id', () => {
    const yaml = renderGate(buildGate(input).file);
    expect(gatePath(sample)).toBe('docs/qa/gates/1.1-apply-a-code.yml');
    expect(yaml.split('\n').filter((line) => /^[a-z_]+:/.test(line)).map((line) => line.split(':')[0])).toEqual([
      'schema', 'story', 'story_title', 'gate', 'status_reason', 'reviewer', 'updated', 'waiver', 'top_issues', 'risk_summary', 'quality_score', 'evidence',
    ]);
    expect(yaml).toContain('story: "1.1"');
    expect(yaml).toContain('gate: CONCERNS');
    expect(yaml).toContain('updated: "2026-11-22T14:00:00Z"');
  });

  it('says what is proved and what not', () => {
    const { file, verdict } = buildGate(input);
    expect(verdict).toEqual({ gate: 'CONCERNS', reasons: ['acceptance criterion 2 is not proved by a passing test'] });
    expect(file.evidence).toEqual({ tests_reviewed: 1, risks_identified: 1, trace: { ac_covered: [1], ac_gaps: [2] } });
    expect(file.quality_score).toBe(90);
  });

  it('comes back as it was, for every story', () => {
    fc.assert(fc.property(storyArbitrary, lineArbitrary, (story, finding) => {
      const issues = [{ id: 'TEST-001', severity: 'medium' as const, finding, suggestedAction: finding }];
      const { file } = buildGate({ ...input, story, criteria: story.criteria.map(({ id }) => ({ id, passingTests: [finding] })), issues });
      expect(parseGate(renderGate(file))).toEqual(file);
    }), { numRuns: 60 });
  });

  it.each([
    ['not YAML', 'a: [', 'not YAML'], ['a waiver without a reason', 'waiver', 'waiver'], ['aliases', 'a: &a [x]\nb: [*a, *a]', 'not YAML'], ['a huge file', 'x'.repeat(200_001), 'longer than'],
  ])('refuses %s', (_, yaml, problem) => {
    const text = yaml === 'waiver' ? renderGate(buildGate(input).file).replace('active: false', 'active: true') : yaml;
    expect(() => parseGate(text)).toThrow(problem);
  });
});
