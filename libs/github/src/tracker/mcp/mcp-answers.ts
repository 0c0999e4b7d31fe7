import { z } from 'zod';
import { invalidAnswer } from '../github-errors.js';
import { issueAnswer } from '../issue-answers.js';
import type { Issue, IssueAddress, IssueComment, PullRequest, TrackerRepository } from '../issue-tracker.js';

const text = z.string().max(300_000);
const name = z.string().max(500);
const user = z.object({ login: name }).nullish();

/** `{"id": "123", "url": "https://github.com/o/r/issues/4"}`: all that tools say of what they wrote. */
export const writtenAnswer = z.object({ id: z.string().regex(/^\d{1,15}$/), url: name });

export const meAnswer = z.object({ login: name });

/** `MinimalIssue` of github-mcp-server 1.9; absent is what is empty. */
export const mcpIssueAnswer = z.object({
  number: z.number().int().positive(), title: text, body: text.default(''), state: z.string().toLowerCase().pipe(z.enum(['open', 'closed'])),
  state_reason: z.enum(['completed', 'not_planned', 'reopened', 'duplicate']).optional().catch(undefined),
  locked: z.boolean().default(false), html_url: name.optional(), user, labels: z.array(name).max(1_000).default([]), assignees: z.array(name).max(100).default([]),
  updated_at: name.default(''),
});

export const mcpIssuesAnswer = z.object({
  issues: z.array(mcpIssueAnswer).max(100).nullable(), pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: name.default('') }),
});

export const mcpCommentsAnswer = z.array(z.object({
  id: z.number().int().positive(), body: text.default(''), html_url: name, user, author_association: name.default('NONE'), created_at: name.default(''), updated_at: name.default(''),
})).max(100).nullable();

/** The whole issues of the REST API, without what is empty. */
export const mcpSubIssuesAnswer = z.array(issueAnswer.extend({ labels: issueAnswer.shape.labels.default([]) })).max(100).nullable();

export const mcpLabelsAnswer = z.object({ labels: z.array(z.object({ name })).max(100) });

export const collaboratorsAnswer = z.object({ items: z.array(z.object({ login: name, role_name: name })).max(100), nextPage: z.number().int().default(0) });

const branch = z.object({ ref: name });
export const mcpPullRequestAnswer = z.object({
  number: z.number().int().positive(), title: text, body: text.default(''), state: z.enum(['open', 'closed']), draft: z.boolean(), merged: z.boolean(),
  merged_at: name.optional(), html_url: name, head: branch, base: branch,
});
export const mcpPullRequestsAnswer = z.array(mcpPullRequestAnswer).max(100).nullable();

/** Owner, name and number of an issue or a pull request, from its address for people. */
export function addressOf(tool: string, url: string): IssueAddress {
  const parts = /\/([^/]+)\/([^/]+)\/(?:issues|pull)\/(\d{1,10})$/.exec(url);
  if (parts === null) throw invalidAnswer(tool, ['its url is not that of an issue']);
  return { repository: { owner: parts[1]!, name: parts[2]! }, number: Number(parts[3]) };
}

/** What the tools tell of an issue; see `TrackerCapabilities.exact` for what they do not. */
export function mcpIssueOf(answer: z.output<typeof mcpIssueAnswer>, repository: TrackerRepository): Issue {
  const url = answer.html_url ?? '';
  return {
    repository, number: answer.number, id: 0, nodeId: '', title: answer.title, body: answer.body, state: answer.state,
    ...(answer.state_reason === undefined ? {} : { stateReason: answer.state_reason }),
    labels: answer.labels, assignees: answer.assignees, milestone: undefined, author: answer.user?.login ?? 'ghost',
    isLocked: answer.locked, isPullRequest: /\/pull\/\d+$/.test(url), updatedAt: answer.updated_at, url,
  };
}

export const mcpCommentOf = (answer: NonNullable<z.output<typeof mcpCommentsAnswer>>[number]): IssueComment => ({
  id: answer.id, nodeId: '', body: answer.body, author: answer.user?.login ?? 'ghost', authorAssociation: answer.author_association,
  createdAt: answer.created_at, updatedAt: answer.updated_at, url: answer.html_url,
});

export const mcpPullRequestOf = (answer: z.output<typeof mcpPullRequestAnswer>): PullRequest => ({
  number: answer.number, nodeId: '', title: answer.title, body: answer.body, head: answer.head.ref, base: answer.base.ref,
  isDraft: answer.draft, state: answer.state, isMerged: answer.merged || answer.merged_at !== undefined, url: answer.html_url,
});
