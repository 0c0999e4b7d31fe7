import { z } from 'zod';

/** What of GitHub's payloads is needed; whatever else they hold, or lack where texts were left out, is no matter. */
const number = z.number().int().positive();
const text = z.string().max(300_000).nullish().catch(undefined);
const from = z.object({ from: text }).optional().catch(undefined);

const issue = z.object({ number, node_id: z.string().min(1).max(200), title: text, body: text });
const login = z.string().min(1).max(200);

export const issuesPayload = z.object({
  issue,
  label: z.object({ name: z.string().max(200) }).optional().catch(undefined),
  changes: z.object({ title: from, body: from }).optional().catch(undefined),
  sender: z.object({ login }).optional().catch(undefined),
});
export type IssuesPayload = z.output<typeof issuesPayload>;

export const commentPayload = z.object({
  issue: issue.extend({ pull_request: z.unknown().optional() }),
  comment: z.object({ id: number, body: text }),
});

export const subIssuesPayload = z.object({ parent_issue: issue.optional().catch(undefined), sub_issue: issue.optional().catch(undefined) });
