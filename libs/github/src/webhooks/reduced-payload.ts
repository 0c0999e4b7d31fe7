import { z } from 'zod';

const text = z.string().max(1_000).optional().catch(undefined);
const number = z.number().optional().catch(undefined);

/** `shape` where it is an object, nothing where it is not. */
const part = <Shape extends z.ZodRawShape>(shape: Shape) => z.object(shape).optional().catch(undefined);

const person = part({ login: text, id: number, type: text });
const repository = part({ id: number, node_id: text, full_name: text, url: text, html_url: text });
const issue = part({ id: number, node_id: text, number, url: text, state: text, updated_at: text });
const branch = part({ ref: text, sha: text });

const hint = z.object({
  action: text, number, ref: text, before: text, after: text, repository, issue,
  sender: person, assignee: person,
  installation: part({ id: number }),
  comment: part({ id: number, node_id: text, url: text, updated_at: text, author_association: text, user: person }),
  label: part({ name: text }),
  sub_issue: issue, parent_issue: issue, sub_issue_id: number, parent_issue_id: number,
  pull_request: part({ id: number, node_id: text, number, state: text, draft: z.boolean().optional().catch(undefined), merged: z.boolean().optional().catch(undefined), head: branch, base: branch }),
  changes: part({ new_issue: issue, new_repository: repository }),
});

/** What a payload is about, without its texts: enough to ask GitHub for the rest. A few KB, whatever the payload was. */
export function reducedPayload(payload: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(hint.parse(payload))) as Record<string, unknown>; // without the undefined ones
}
