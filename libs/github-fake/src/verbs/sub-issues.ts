import { issueJson } from '../json/issue-json.js';
import { repositoryJson } from '../json/repository-json.js';
import { notFound, Refusal } from '../world/refusal.js';
import { type Actor, type Issue } from '../world/types.js';
import { type World } from '../world/world.js';

/** GitHub's own limits; closed ones count. */
const MAX_SUB_ISSUES = 100;
const MAX_LEVELS = 8;

const unprocessable = (message: string): Refusal => new Refusal(422, message, [{ resource: 'SubIssue', field: 'sub_issue_id', code: 'unprocessable', message }]);
const levelsAbove = (issue: Issue): number => issue.parent === undefined ? 1 : 1 + levelsAbove(issue.parent);
const levelsBelow = (issue: Issue): number => 1 + Math.max(0, ...issue.subIssues.map(levelsBelow));
const isWithin = (issue: Issue, of: Issue): boolean => issue === of || (issue.parent !== undefined && isWithin(issue.parent, of));

export function addSubIssue(world: World, actor: Actor, parent: Issue, child: Issue, replacesParent: boolean): void {
  if (child.pull !== undefined || parent.pull !== undefined) throw notFound();
  if (child.parent === parent) throw unprocessable('Issue may not contain duplicate sub-issues and Sub issue may only have one parent');
  if (child.parent !== undefined && !replacesParent) throw unprocessable('Sub issue may only have one parent');
  if (isWithin(parent, child)) throw unprocessable('Sub issue cannot be the parent of itself');
  if (child.repository.owner !== parent.repository.owner) throw unprocessable('Sub issues must belong to the same owner');
  if (parent.subIssues.length >= MAX_SUB_ISSUES) throw unprocessable(`Parent cannot have more than ${MAX_SUB_ISSUES} sub-issues`);
  if (levelsAbove(parent) + levelsBelow(child) > MAX_LEVELS) throw unprocessable(`Sub-issues cannot be nested more than ${MAX_LEVELS} levels deep`);
  if (child.parent !== undefined) removeSubIssue(world, actor, child.parent, child);
  parent.subIssues = [...parent.subIssues, child];
  child.parent = parent;
  tell(world, actor, parent, child, 'added');
}

export function removeSubIssue(world: World, actor: Actor, parent: Issue, child: Issue): void {
  if (child.parent !== parent) throw notFound();
  parent.subIssues = parent.subIssues.filter((one) => one !== child);
  child.parent = undefined;
  tell(world, actor, parent, child, 'removed');
}

/** Puts a sub-issue before or after another one of the same parent. */
export function moveSubIssue(parent: Issue, child: Issue, place: { readonly after?: Issue | undefined; readonly before?: Issue | undefined }): void {
  const anchor = place.after ?? place.before;
  if (child.parent !== parent || anchor === undefined || anchor.parent !== parent || anchor === child) throw notFound();
  const others = parent.subIssues.filter((one) => one !== child);
  others.splice(others.indexOf(anchor) + (place.after === undefined ? 0 : 1), 0, child);
  parent.subIssues = others;
}

/** The parent's repository hears of a sub-issue, the sub-issue's of a parent. */
function tell(world: World, actor: Actor, parent: Issue, child: Issue, change: 'added' | 'removed'): void {
  const root = world.root();
  parent.updatedAt = world.now();
  child.updatedAt = world.now();
  const both = { sub_issue_id: child.id, sub_issue: issueJson(root, child), parent_issue_id: parent.id, parent_issue: issueJson(root, parent) };
  world.emit({ event: 'sub_issues', action: `sub_issue_${change}`, repository: parent.repository, actor, payload: { ...both, sub_issue_repo: repositoryJson(root, child.repository) } });
  world.emit({ event: 'sub_issues', action: `parent_issue_${change}`, repository: child.repository, actor, payload: { ...both, parent_issue_repo: repositoryJson(root, parent.repository) } });
}
