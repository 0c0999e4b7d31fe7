import { accountJson, type Json } from '../json/account-json.js';
import { issueJson, labelJson, milestoneJson } from '../json/issue-json.js';
import { pullJson } from '../json/pull-json.js';
import { type Account, type Actor, type Issue, type Label, type Milestone } from '../world/types.js';
import { type World } from '../world/world.js';

/** GitHub's own limit of a body, a comment and a title, in characters. */
export const MAX_BODY = 65_536;
export const MAX_TITLE = 256;

/** GitHub counts characters, not UTF-16 units. */
export const characters = (text: string | null | undefined): number => Array.from(text ?? '').length;

const events = { issue: 'issues', pull: 'pull_request' } as const;

/** Tells the repository's hooks what happened to an issue or a pull request. */
export function tellIssue(world: World, actor: Actor, issue: Issue, action: string, more: Json = {}): void {
  const root = world.root();
  const of = issue.pull === undefined ? { issue: issueJson(root, issue) } : { number: issue.number, pull_request: pullJson(root, issue) };
  world.emit({ event: issue.pull === undefined ? events.issue : events.pull, action, repository: issue.repository, actor, payload: { ...of, ...more } });
}

/** Each label, assignee or milestone that changed is told by itself, as GitHub does. What of it a pull request has is not sent by this fake. */
export function tellList(world: World, actor: Actor, issue: Issue, action: string, changed: { readonly label?: Label; readonly assignee?: Account; readonly milestone?: Milestone }): void {
  if (changed.label !== undefined && (action === 'labeled' || action === 'unlabeled')) {
    const { name, color } = changed.label;
    issue.labelled = [...issue.labelled, { ...world.identity('LE'), at: world.now(), actor: actor.account, event: action, label: { name, color } }];
  }
  if (issue.pull !== undefined) return;
  const root = world.root();
  tellIssue(world, actor, issue, action, {
    ...(changed.label === undefined ? {} : { label: labelJson(root, issue.repository, changed.label) }),
    ...(changed.assignee === undefined ? {} : { assignee: accountJson(root, changed.assignee) }),
    ...(changed.milestone === undefined ? {} : { milestone: milestoneJson(root, issue.repository, changed.milestone) }),
  });
}
