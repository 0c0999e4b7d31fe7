import type { CascadeSummary } from '@cascade/contracts';
import type { CascadeRecord } from '@cascade/state';

export const sampleSummary: CascadeSummary = {
  branch: 'cascade/1-discounts',
  commitSha: 'a'.repeat(40),
  featureDirectory: 'specs/001-discounts',
  gate: 'CONCERNS',
  stories: [{ id: '1.1', title: 'Share out an amount', highestRisk: 6, gate: 'CONCERNS', reasons: ['DATA-001 has score 6'] }],
  tasks: [
    { id: 'T001', title: 'Tests of allocate', kind: 'test', commitSha: 'b'.repeat(40), redTests: 5, attempts: 1 },
    { id: 'T002', title: 'allocate in src/allocation.js', kind: 'code', commitSha: 'c'.repeat(40), redTests: 5, attempts: 2 },
  ],
};

export function sampleRecord(more: Partial<CascadeRecord> = {}): CascadeRecord {
  return {
    id: '0198-a', state: 'running', request: 'Add discounts', repository: '/repo', createdAt: '2026-01-05T09:00:00.000Z',
    deadline: '2026-01-05T10:00:00.000Z', questions: [], budget: {}, usage: { calls: 3, promptTokens: 1200, completionTokens: 340, usd: 0 }, ...more,
  };
}

/** The hash that `parseCascadeRecord` reads, for tests that write it into Redis. */
export const sampleHash = (more: Record<string, string> = {}): Record<string, string> => ({
  state: 'running', request: 'Add discounts', repository: '/repo', created_at: '2026-01-05T09:00:00.000Z', deadline: '2026-01-05T10:00:00.000Z', ...more,
});
