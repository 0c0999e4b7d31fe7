import { instant } from '../clock.js';
import { type Account, type Comment, type Issue, type Label, type Labelled, type Milestone, type Repository } from '../world/types.js';
import { accountJson, accountOrNull, appOrNull, type Json } from './account-json.js';
import { repositoryUrl } from './repository-json.js';
import { fullName } from '../world/world.js';

/** How somebody stands to a repository: GitHub's `author_association`. */
export function association(account: Account, repository: Repository): string {
  if (account === repository.owner) return 'OWNER';
  const login = account.login.toLowerCase();
  if (repository.owner.members.has(login)) return 'MEMBER';
  if (repository.collaborators.has(login)) return 'COLLABORATOR';
  const hasMerged = [...repository.issues.values()].some((one) => one.author === account && one.pull?.merge !== undefined);
  return hasMerged ? 'CONTRIBUTOR' : 'NONE';
}

const reactions = (url: string): Json => ({ url: `${url}/reactions`, total_count: 0, '+1': 0, '-1': 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0 });

export const issueUrl = (root: string, issue: Issue): string => `${repositoryUrl(root, issue.repository)}/issues/${issue.number}`;

export function labelJson(root: string, repository: Repository, label: Label): Json {
  return { id: label.id, node_id: label.nodeId, url: `${repositoryUrl(root, repository)}/labels/${encodeURIComponent(label.name)}`, name: label.name, color: label.color, default: false, description: label.description };
}

/** Of what happened to an issue, this fake knows its labels only. */
export const labelledJson = (root: string, { repository }: Issue, { id, nodeId, at, actor, event, label }: Labelled): Json => ({
  id, node_id: nodeId, url: `${repositoryUrl(root, repository)}/issues/events/${id}`, actor: accountJson(root, actor), event, commit_id: null, commit_url: null, created_at: instant(at), label: { ...label }, performed_via_github_app: null,
});

export function milestoneJson(root: string, repository: Repository, milestone: Milestone): Json {
  const url = `${repositoryUrl(root, repository)}/milestones/${milestone.number}`;
  const issues = [...repository.issues.values()].filter((one) => one.milestone === milestone && one.end === undefined);
  return {
    url, html_url: `${root}/${fullName(repository)}/milestone/${milestone.number}`, labels_url: `${url}/labels`, id: milestone.id, node_id: milestone.nodeId, number: milestone.number, title: milestone.title,
    description: milestone.description, creator: accountJson(root, milestone.creator), open_issues: issues.filter((one) => one.state === 'open').length, closed_issues: issues.filter((one) => one.state === 'closed').length,
    state: milestone.state, created_at: instant(milestone.createdAt), updated_at: instant(milestone.updatedAt), due_on: milestone.dueOn, closed_at: milestone.closedAt === null ? null : instant(milestone.closedAt),
  };
}

export function issueJson(root: string, issue: Issue): Json {
  const url = issueUrl(root, issue);
  const { repository } = issue;
  const page = `${root}/${fullName(repository)}/${issue.pull === undefined ? 'issues' : 'pull'}/${issue.number}`;
  const [assignee] = issue.assignees;
  return {
    url, repository_url: repositoryUrl(root, repository), labels_url: `${url}/labels{/name}`, comments_url: `${url}/comments`, events_url: `${url}/events`, html_url: page, id: issue.id, node_id: issue.nodeId,
    number: issue.number, title: issue.title, user: accountJson(root, issue.author), labels: issue.labels.map((one) => labelJson(root, repository, one)), state: issue.state, locked: issue.isLocked,
    assignee: accountOrNull(root, assignee), assignees: issue.assignees.map((one) => accountJson(root, one)), milestone: issue.milestone === undefined ? null : milestoneJson(root, repository, issue.milestone),
    comments: issue.comments.length, created_at: instant(issue.createdAt), updated_at: instant(issue.updatedAt), closed_at: issue.closedAt === null ? null : instant(issue.closedAt),
    author_association: association(issue.author, repository), active_lock_reason: issue.lockReason, body: issue.body, closed_by: accountOrNull(root, issue.closedBy), reactions: reactions(url), timeline_url: `${url}/timeline`,
    performed_via_github_app: appOrNull(root, issue.app), state_reason: issue.stateReason, ...hierarchy(root, issue),
    ...(issue.pull === undefined ? {} : { draft: issue.pull.isDraft, pull_request: { url: `${repositoryUrl(root, repository)}/pulls/${issue.number}`, html_url: page, diff_url: `${page}.diff`, patch_url: `${page}.patch`, merged_at: issue.pull.merge === undefined ? null : instant(issue.pull.merge.at) } }),
  };
}

function hierarchy(root: string, issue: Issue): Json {
  const completed = issue.subIssues.filter((one) => one.state === 'closed').length;
  const total = issue.subIssues.length;
  return {
    sub_issues_summary: { total, completed, percent_completed: total === 0 ? 0 : Math.floor((completed * 100) / total) },
    issue_dependencies_summary: { blocked_by: 0, total_blocked_by: 0, blocking: 0, total_blocking: 0 },
    ...(issue.parent === undefined ? {} : { parent_issue_url: issueUrl(root, issue.parent) }),
  };
}

export function commentJson(root: string, comment: Comment): Json {
  const { issue } = comment;
  const url = `${repositoryUrl(root, issue.repository)}/issues/comments/${comment.id}`;
  return {
    url, html_url: `${root}/${fullName(issue.repository)}/${issue.pull === undefined ? 'issues' : 'pull'}/${issue.number}#issuecomment-${comment.id}`, issue_url: issueUrl(root, issue), id: comment.id, node_id: comment.nodeId,
    user: accountJson(root, comment.author), created_at: instant(comment.createdAt), updated_at: instant(comment.updatedAt), author_association: association(comment.author, issue.repository), body: comment.body,
    reactions: reactions(url), performed_via_github_app: appOrNull(root, comment.app),
  };
}
