import { describe, expect, it } from '@jest/globals';
import type { Risk, Story } from '@cascade/contracts';
import fc from 'fast-check';
import { riskProfilePath } from './document-paths.js';
import { byScore, highestRisk, riskLevel, riskSummary, storyRiskScore } from './risk-level.js';
import { parseRiskProfile, renderRiskProfile } from './risk-profile.js';
import { storyArbitrary } from './testing/arbitraries.js';
import { sampleStories } from './testing/samples.js';
import { tidyStory } from './tidy.js';

const sample = sampleStories[0] as Story;
const risk = (id: string, probability: number, impact: number): Risk => ({ id, title: id, description: 'd', probability, impact, mitigation: 'm' });

describe('risk profile', () => {
  it('has the headings of the risk-profile task', () => {
    expect(riskProfilePath(sample)).toBe('docs/qa/assessments/1.1-risk-apply-a-code.md');
    expect(renderRiskProfile(sample, '2026-11-22').split('\n').filter((line) => line.startsWith('## '))).toEqual([
      '## Executive Summary', '## Critical Risks Requiring Immediate Attention', '## Risk Distribution', '## Detailed Risk Register',
      '## Risk-Based Testing Strategy', '## Risk Acceptance Criteria', '## Monitoring Requirements', '## Risk Review Triggers',
    ]);
    expect(renderRiskProfile(sample, '2026-11-22')).toContain('| DATA-001 | Rounding | Medium (2) | Medium (2) | 4 | Medium |');
  });

  it('gives every risk back, highest score first', () => {
    fc.assert(fc.property(storyArbitrary, (story) => {
      expect(parseRiskProfile(renderRiskProfile(story, '2026-11-22'))).toEqual({ storyId: story.id, risks: byScore(tidyStory(story).risks) });
    }), { numRuns: 60 });
  });

  it('refuses a document without a register', () => {
    expect(() => parseRiskProfile('# Risk Profile: Story 1.1\n')).toThrow('Detailed Risk Register');
  });
});

describe('risk levels', () => {
  it.each([[9, 'Critical'], [6, 'High'], [4, 'Medium'], [3, 'Low'], [2, 'Low'], [1, 'Minimal']])('score %i is %s', (score, level) => {
    expect(riskLevel(score)).toBe(level);
  });

  it('sums up a story', () => {
    const risks = [risk('TECH-001', 2, 3), risk('SEC-001', 3, 3), risk('OPS-001', 1, 1)];
    expect(highestRisk(risks)).toBe(9);
    expect(highestRisk([])).toBe(0);
    expect(storyRiskScore(risks)).toBe(70);
    expect(riskSummary(risks)).toEqual({ totals: { critical: 1, high: 1, medium: 0, low: 1 }, highest: { id: 'SEC-001', score: 9, title: 'SEC-001' }, recommendations: { must_fix: ['SEC-001: m'], monitor: ['TECH-001: m'] } });
    expect(riskSummary([])).not.toHaveProperty('highest');
  });
});
