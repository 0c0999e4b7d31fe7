import { z } from 'zod';
import { invalidAnswer } from './github-errors.js';
import { permissions, type Issue, type IssueAddress, type IssueComment, type Permission, type PullRequest, type TrackerRepository } from './issue-tracker.js';

/** 100 on each; comments, labels and sub-issues beyond that are not read. */
export const MAX_PAGES = 10;

/** GitHub's own limit is 65,536 characters; some of its answers count differently. */
const text = z.string().max(300_000);
const name = z.string().max(500);
const id = z.number().int().positive();
const user = z.object({ login: name }).nullish();
/** Deleted accounts are shown as this one by GitHub. */
const loginOf = (value: z.output<typeof user>): string => value?.login ?? 'ghost';
const label = z.union([name, z.object({ name: name.nullish() })]).transform((value) => (typeof value === 'string' ? value : value.name ?? ''));

/** What is needed of GitHub's `issue`. */
export const issueAnswer = z.object({
  id, node_id: name, number: id, title: text, body: text.nullish(),
  state: z.enum(['open', 'closed']),
  // One that is not known yet is none: it is a remark on the state.
  state_reason: z.enum(['completed', 'not_planned', 'reopened', 'duplicate']).nullish().catch(undefined),
  labels: z.array(label).max(1_000), assignees: z.array(z.object({ login: name })).max(100).nullish(),
  milestone: z.object({ number: id }).nullish(), user, locked: z.boolean().optional(), pull_request: z.unknown().optional(),
  updated_at: name, html_url: name, repository_url: name.optional(),
});

export const issuesAnswer = z.array(issueAnswer).max(100);

/** The issue of an answer; `asked` is the repository in which it was asked for. */
export function issueOf(answer: z.output<typeof issueAnswer>, asked: TrackerRepository, etag?: string): Issue {
  return {
    repository: repositoryOf(answer.repository_url, asked),
    number: answer.number, id: answer.id, nodeId: answer.node_id,
    title: answer.title, body: answer.body ?? '', state: answer.state,
    ...(answer.state_reason == null ? {} : { stateReason: answer.state_reason }),
    labels: answer.labels.filter((one) => one !== ''),
    assignees: (answer.assignees ?? []).map((one) => one.login),
    milestone: answer.milestone?.number,
    author: loginOf(answer.user), isLocked: answer.locked ?? false, isPullRequest: answer.pull_request != null,
    updatedAt: answer.updated_at, url: answer.html_url,
    ...(etag === undefined ? {} : { etag }),
  };
}

/** Names are compared as GitHub does; the spelling of who asked stays. */
function repositoryOf(url: string | undefined, asked: TrackerRepository): TrackerRepository {
  const [owner, repository] = url?.split('/').slice(-2) ?? [];
  if (owner === undefined || repository === undefined || isSame({ owner, name: repository }, asked)) return { owner: asked.owner, name: asked.name };
  return { owner, name: repository };
}

const isSame = (one: TrackerRepository, other: TrackerRepository): boolean =>
  one.owner.toLowerCase() === other.owner.toLowerCase() && one.name.toLowerCase() === other.name.toLowerCase();

/** GitHub answers with the issue as it is now, wherever that is. */
export const isAt = (issue: Issue, address: IssueAddress): boolean => issue.number === address.number && isSame(issue.repository, address.repository);

export const commentAnswer = z.object({
  id, node_id: name, body: text.nullish(), user, author_association: name.optional(), created_at: name, updated_at: name, html_url: name,
});

export const commentsAnswer = z.array(commentAnswer).max(100);

const numberOfUrl = z.string().max(500).transform((url) => Number(url.split('/').at(-1))).pipe(id);
export const placedCommentsAnswer = z.array(commentAnswer.extend({ issue_url: numberOfUrl })).max(100);

/** What happened to an issue: what is no labelling needs only its kind. */
export const eventsAnswer = z.array(z.object({ id, event: name, actor: user, created_at: name, label: z.object({ name }).optional().catch(undefined) })).max(100);

export const commentOf = (answer: z.output<typeof commentAnswer>): IssueComment => ({
  id: answer.id, nodeId: answer.node_id, body: answer.body ?? '', author: loginOf(answer.user),
  authorAssociation: answer.author_association ?? 'NONE', createdAt: answer.created_at, updatedAt: answer.updated_at, url: answer.html_url,
});

export const labelsAnswer = z.array(z.object({ name })).max(100);

export const permissionAnswer = z.object({ permission: name, role_name: name.nullish() });

/** A role of an organisation's own is told by what it is based on: `permission`. */
export function permissionOf(answer: z.output<typeof permissionAnswer>): Permission {
  const known = [answer.role_name, answer.permission].map((one) => permissions.find((permission) => permission === one)).find((one) => one !== undefined);
  if (known === undefined) throw invalidAnswer('permission', [`unknown permission ${answer.permission}`]);
  return known;
}

const branch = z.object({ ref: name });

export const pullRequestAnswer = z.object({
  number: id, node_id: name, state: z.enum(['open', 'closed']), title: text, body: text.nullish(), draft: z.boolean().optional(),
  merged_at: name.nullish(), html_url: name, head: branch, base: branch,
});

export const pullRequestsAnswer = z.array(pullRequestAnswer).max(100);

export const pullRequestOf = (answer: z.output<typeof pullRequestAnswer>): PullRequest => ({
  number: answer.number, nodeId: answer.node_id, title: answer.title, body: answer.body ?? '', head: answer.head.ref, base: answer.base.ref,
  isDraft: answer.draft ?? false, state: answer.state, isMerged: answer.merged_at != null, url: answer.html_url,
});
