import { type Issue, type Repository } from './world/types.js';

/** An issue as it is, for a test to compare: without a request, hence without a trace in the journal. */
export interface SeenIssue {
  readonly number: number;
  readonly id: number;
  readonly nodeId: string;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed';
  readonly stateReason: Issue['stateReason'];
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly milestone: number | undefined;
  readonly isLocked: boolean;
  readonly isPullRequest: boolean;
  readonly isDraft: boolean;
  readonly isMerged: boolean;
  readonly author: string;
  readonly parent: number | undefined;
  readonly subIssues: readonly number[];
  readonly comments: readonly { readonly id: number; readonly author: string; readonly body: string }[];
}

/** Issues and pull requests that are there, oldest first. */
export function lookAt(repository: Repository): readonly SeenIssue[] {
  return [...repository.issues.values()].filter((one) => one.end === undefined).map((issue) => ({
    number: issue.number, id: issue.id, nodeId: issue.nodeId, title: issue.title, body: issue.body ?? '', state: issue.state, stateReason: issue.stateReason, labels: issue.labels.map((one) => one.name),
    assignees: issue.assignees.map((one) => one.login), milestone: issue.milestone?.number, isLocked: issue.isLocked, isPullRequest: issue.pull !== undefined, isDraft: issue.pull?.isDraft ?? false, isMerged: issue.pull?.merge !== undefined,
    author: issue.author.login, parent: issue.parent?.number, subIssues: issue.subIssues.map((one) => one.number), comments: issue.comments.map(({ id, author, body }) => ({ id, author: author.login, body })),
  }));
}
