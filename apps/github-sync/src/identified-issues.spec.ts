import { expect, it } from '@jest/globals';
import type { Issue, IssueTracker } from '@cascade/github';
import { withIdentities } from './identified-issues.js';

const issue = { repository: { owner: 'Acme', name: 'shop' }, number: 7, nodeId: '', title: 'T' } as Issue;
const tracker = (exact: boolean): IssueTracker => ({
  capabilities: { exact }, whoAmI: async () => 'me', getIssue: async () => ({ kind: 'issue', issue }), listIssues: async () => ({ issues: [issue, { ...issue, nodeId: 'I_1' }], hasMore: false }), createIssue: async () => issue,
} as unknown as IssueTracker);

it('issues of a tracker that tells no node ids are known by their address; other trackers stay as they are', async () => {
  const inexact = withIdentities(tracker(false));
  const identity = 'acme/shop#7';
  expect(await inexact.getIssue(issue)).toEqual({ kind: 'issue', issue: { ...issue, nodeId: identity } });
  expect(await inexact.listIssues(issue.repository, {})).toMatchObject({ issues: [{ nodeId: identity }, { nodeId: 'I_1' }] });
  expect(await inexact.createIssue(issue.repository, issue)).toMatchObject({ nodeId: identity });
  expect([await inexact.whoAmI(), inexact.capabilities.exact]).toEqual(['me', false]);
  const exact = tracker(true);
  expect(withIdentities(exact)).toBe(exact);
});
