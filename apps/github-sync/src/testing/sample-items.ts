import type { WorkItem } from '@cascade/contracts';

const place = { repo: 'shop', branch: 'main', epicId: '1', epicName: 'codes' } as const;
const common = { cascadeId: 'c1', modifiedAt: Date.parse('2026-11-01T00:00:00Z') } as const;

export const sampleEpic: WorkItem = {
  ...common, key: { kind: 'epic', ...place }, status: 'Approved', title: 'Discount codes', documentPath: 'docs/epic-1.md',
  document: { id: 1, title: 'Discount codes', goal: 'Customers pay less.', background: 'None.', requirements: [{ id: 'FR1', text: 'A code lowers the price.' }] },
};
export const sampleStory: WorkItem = {
  ...common, key: { kind: 'story', ...place, storyId: '1.1', storyName: 'read-a-code' }, status: 'Approved', title: 'Read a code', documentPath: 'docs/stories/1.1.md',
  document: {
    id: '1.1', title: 'Read a code', asA: 'customer', iWant: 'to give a code', soThat: 'I pay less', criteria: [{ id: 1, given: 'a code', when: 'it is read', then: 'it is known' }],
    requirements: ['FR1'], dependsOn: [], tasks: [{ title: 'Parse it', criteria: [1] }], devNotes: [], risks: [], scenarios: [{ id: '1.1-UNIT-001', criterion: 1, level: 'unit', priority: 'P1', description: 'reads it', mitigates: [] }],
  },
  columns: { risk_score: '4' },
};
export const sampleTask: WorkItem = {
  ...common, key: { kind: 'task', ...place, storyId: '1.1', storyName: 'read-a-code', taskId: 'T001' }, status: 'Draft', title: 'Test that a code is read', documentPath: 'specs/001-codes/tasks.md',
  document: { id: 'T001', phase: 'story', storyId: '1.1', kind: 'test', parallel: false, title: 'Test that a code is read', paths: ['test/code.test.js'], criteria: [1], dependsOn: [], tests: [] },
};
export const sampleAssessment: WorkItem = {
  ...common, key: { kind: 'qa-assessment', repo: 'shop', branch: 'main', id: '1.1.risk', name: 'read-a-code' }, status: 'Done', title: 'Risk profile of story 1.1', documentPath: 'docs/qa/1.1-risk.md',
  document: { risks: [], summary: {} }, columns: { story_id: '1.1', assessment_kind: 'risk' },
};
