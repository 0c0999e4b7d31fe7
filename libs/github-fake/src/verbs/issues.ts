import { type Json } from '../json/account-json.js';
import { invalid } from '../world/refusal.js';
import { atLeast, type Account, type Actor, type Issue, type Milestone, type Pull, type Repository } from '../world/types.js';
import { type World } from '../world/world.js';
import { characters, MAX_BODY, MAX_TITLE, tellIssue, tellList } from './changes.js';
import { labelsNamed, setLabels } from './labels.js';

/** GitHub's own limit. */
const MAX_ASSIGNEES = 10;

export interface IssueChanges {
  readonly title?: string | undefined;
  readonly body?: string | null | undefined;
  readonly state?: 'open' | 'closed' | undefined;
  readonly state_reason?: Issue['stateReason'] | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly assignees?: readonly string[] | undefined;
  /** Its number; null takes it away. */
  readonly milestone?: number | null | undefined;
}

/** People (and Apps) who may triage set labels, assignees and milestones; from others GitHub silently ignores them. */
const mayTriage = (world: World, actor: Actor, repository: Repository): boolean => actor.app !== undefined || atLeast(world.roleOf(actor.account, repository), 'triage');

/** What an issue has from the start is told once more by itself (https://github.com/octokit/octokit.js/issues/2444). */
export function createIssue(world: World, actor: Actor, repository: Repository, fields: IssueChanges & { readonly title: string }, pull?: Pull): Issue {
  checkTexts(fields);
  const now = world.now();
  const issue: Issue = {
    ...world.identity('I'), number: repository.nextNumber, repository, author: actor.account, ...(actor.app === undefined ? {} : { app: actor.app }), ...(pull === undefined ? {} : { nodeId: pull.nodeId, pull }),
    createdAt: now, updatedAt: now, title: fields.title, body: fields.body ?? null, state: 'open', stateReason: null, labels: [], labelled: [], assignees: [], milestone: undefined, isLocked: false, lockReason: null,
    comments: [], parent: undefined, subIssues: [], closedAt: null, closedBy: undefined, end: undefined,
  };
  if (mayTriage(world, actor, repository)) {
    issue.labels = labelsNamed(world, repository, fields.labels ?? []);
    issue.assignees = assignable(world, repository, fields.assignees ?? []);
    issue.milestone = milestoneNumbered(repository, fields.milestone ?? null);
  }
  repository.nextNumber += 1;
  repository.issues.set(issue.number, issue);
  tellIssue(world, actor, issue, 'opened');
  for (const label of issue.labels) tellList(world, actor, issue, 'labeled', { label });
  for (const assignee of issue.assignees) tellList(world, actor, issue, 'assigned', { assignee });
  if (issue.milestone !== undefined) tellList(world, actor, issue, 'milestoned', { milestone: issue.milestone });
  return issue;
}

export function checkTexts(fields: { readonly title?: string | undefined; readonly body?: string | null | undefined }): void {
  if (fields.title !== undefined && fields.title.trim() === '') throw invalid('Issue', 'title', 'missing_field');
  if (characters(fields.title) > MAX_TITLE) throw invalid('Issue', 'title', 'custom', `title is too long (maximum is ${MAX_TITLE} characters)`);
  if (characters(fields.body) > MAX_BODY) throw invalid('Issue', 'body', 'custom', `body is too long (maximum is ${MAX_BODY} characters)`);
}

export function updateIssue(world: World, actor: Actor, issue: Issue, changes: IssueChanges): void {
  checkTexts(changes);
  if (mayTriage(world, actor, issue.repository)) {
    if (changes.labels !== undefined) setLabels(world, actor, issue, changes.labels);
    if (changes.assignees !== undefined) setAssignees(world, actor, issue, changes.assignees);
    if (changes.milestone !== undefined) setMilestone(world, actor, issue, changes.milestone);
  }
  setTexts(world, actor, issue, changes);
  setState(world, actor, issue, changes);
}

function setTexts(world: World, actor: Actor, issue: Issue, changes: IssueChanges): void {
  const told: Record<string, Json> = {};
  if (changes.title !== undefined && changes.title !== issue.title) told['title'] = { from: issue.title };
  if (changes.body !== undefined && (changes.body ?? '') !== (issue.body ?? '')) told['body'] = { from: issue.body ?? '' };
  if (Object.keys(told).length === 0) return;
  issue.title = changes.title ?? issue.title;
  issue.body = changes.body === undefined ? issue.body : changes.body;
  issue.updatedAt = world.now();
  tellIssue(world, actor, issue, 'edited', { changes: told });
}

function setState(world: World, actor: Actor, issue: Issue, { state, state_reason: reason }: IssueChanges): void {
  if (state === undefined || state === issue.state) return;
  issue.state = state;
  issue.updatedAt = world.now();
  issue.closedAt = state === 'closed' ? world.now() : null;
  issue.closedBy = state === 'closed' ? actor.account : undefined;
  issue.stateReason = issue.pull !== undefined ? null : state === 'closed' ? reason ?? 'completed' : 'reopened';
  tellIssue(world, actor, issue, state === 'closed' ? 'closed' : 'reopened');
}

/** Logins of people who cannot be assigned (no access to the repository) are ignored, as GitHub does. */
const assignable = (world: World, repository: Repository, logins: readonly string[]): Account[] =>
  [...new Set(logins.map((one) => world.account(one)).filter((one): one is Account => one !== undefined && mayBeAssigned(world, repository, one)))].slice(0, MAX_ASSIGNEES);

export function setAssignees(world: World, actor: Actor, issue: Issue, logins: readonly string[]): void {
  const wanted = assignable(world, issue.repository, logins);
  const before = issue.assignees;
  const removed = before.filter((one) => !wanted.includes(one));
  const added = wanted.filter((one) => !before.includes(one));
  if (removed.length === 0 && added.length === 0) return;
  issue.assignees = wanted;
  issue.updatedAt = world.now();
  for (const assignee of removed) tellList(world, actor, issue, 'unassigned', { assignee });
  for (const assignee of added) tellList(world, actor, issue, 'assigned', { assignee });
}

export const mayBeAssigned = (world: World, repository: Repository, account: Account): boolean =>
  account.type === 'User' && (account === repository.owner || repository.collaborators.has(account.login.toLowerCase()) || repository.owner.members.has(account.login.toLowerCase())) && atLeast(world.roleOf(account, repository), 'read');

function milestoneNumbered(repository: Repository, number: number | null): Milestone | undefined {
  const milestone = number === null ? undefined : repository.milestones.get(number);
  if (number !== null && milestone === undefined) throw invalid('Issue', 'milestone', 'invalid');
  return milestone;
}

function setMilestone(world: World, actor: Actor, issue: Issue, number: number | null): void {
  const milestone = milestoneNumbered(issue.repository, number);
  const before = issue.milestone;
  if (milestone === before) return;
  issue.milestone = milestone;
  issue.updatedAt = world.now();
  if (before !== undefined) tellList(world, actor, issue, 'demilestoned', { milestone: before });
  if (milestone !== undefined) tellList(world, actor, issue, 'milestoned', { milestone });
}

/** What is locked takes comments only of people who may write. */
export function setLocked(world: World, actor: Actor, issue: Issue, isLocked: boolean, reason: string | null = null): void {
  if (issue.isLocked === isLocked) return;
  issue.isLocked = isLocked;
  issue.lockReason = isLocked ? reason : null;
  issue.updatedAt = world.now();
  if (issue.pull === undefined) tellIssue(world, actor, issue, isLocked ? 'locked' : 'unlocked');
}
