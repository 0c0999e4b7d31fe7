import { buildWorkItemKey } from '@cascade/contracts';

const epic = { repo: 'shop', branch: 'main', epicId: '1', epicName: 'discounts' };
export const sampleStoryKey = buildWorkItemKey({ kind: 'story', ...epic, storyId: '1.1', storyName: 'apply-a-code' });

export const sampleStory = {
  id: '1.1', title: 'Story title', asA: 'shopper', iWant: 'to enter a code', soThat: 'I pay less',
  criteria: [{ id: 1, given: 'a code', when: 'it is entered', then: 'the total falls' }, { id: 2, given: 'a bad code', when: 'it is entered', then: 'a message says so' }],
  requirements: ['FR1'], dependsOn: [], tasks: [{ title: 'Write applyCode', criteria: [1, 2] }], devNotes: [],
  risks: [{ id: 'SEC-001', title: 'Codes are guessed', description: 'Short codes', probability: 2, impact: 3, mitigation: 'Limit tries' }],
  scenarios: [{ id: '1.1-UNIT-001', criterion: 1, level: 'unit', priority: 'P0', description: 'applies', mitigates: ['SEC-001'] }],
};

/** The hash of a story, as tier 0 saves it. */
export const sampleStoryRow = (): Record<string, string> => ({
  kind: 'story', title: sampleStory.title, status: 'Approved', document_path: 'docs/stories/1.1.apply-a-code.md', document: JSON.stringify(sampleStory), risk_score: '6',
});

export const sampleEpicKey = buildWorkItemKey({ kind: 'epic', ...epic });

/** The hash of an epic: a small document, for many runs. */
export const sampleEpicRow = (): Record<string, string> => ({
  kind: 'epic', title: 'Discounts', status: 'Approved', document_path: 'docs/prd/epic-1-discounts.md',
  document: JSON.stringify({ id: 1, title: 'Discounts', goal: 'People buy more', background: 'b', requirements: [{ id: 'FR1', text: 'Given a code, the total falls' }, { id: 'FR2', text: 'Given a bad code, a message says so' }] }),
});
