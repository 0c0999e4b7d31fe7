import { issueJson } from '../json/issue-json.js';
import { repositoryJson } from '../json/repository-json.js';
import { type Actor, type Issue, type Repository } from '../world/types.js';
import { type World } from '../world/world.js';
import { tellIssue } from './changes.js';
import { setLocked, updateIssue } from './issues.js';
import { addLabels } from './labels.js';

/** Gone for good: 410 to those who may read the repository. */
export function deleteIssue(world: World, actor: Actor, issue: Issue): void {
  leaveHierarchy(issue);
  issue.end = { kind: 'deleted' };
  tellIssue(world, actor, issue, 'deleted');
}

/** The issue gets a number in the other repository (and keeps its comments); its old address answers 301. */
export function transferIssue(world: World, actor: Actor, issue: Issue, to: Repository): Issue {
  const { id, nodeId } = world.identity('I');
  const moved: Issue = { ...issue, id, nodeId, repository: to, number: to.nextNumber, labels: [], milestone: undefined, parent: undefined, subIssues: [], comments: [], updatedAt: world.now() };
  moved.comments = issue.comments.map((one) => ({ ...one, issue: moved }));
  to.nextNumber += 1;
  to.issues.set(moved.number, moved);
  for (const label of issue.labels) if (to.labels.has(label.name.toLowerCase())) addLabels(world, actor, moved, [label.name]);
  const root = world.root();
  const before = issueJson(root, issue);
  leaveHierarchy(issue);
  issue.end = { kind: 'transferred', to: moved };
  tellIssue(world, actor, issue, 'transferred', { changes: { new_issue: issueJson(root, moved), new_repository: repositoryJson(root, to) } });
  tellIssue(world, actor, moved, 'opened', { changes: { old_issue: before, old_repository: repositoryJson(root, issue.repository) } });
  return moved;
}

/**
 * The discussion itself is not kept here. What is left of the issue is closed and locked, and nothing that the API says of
 * it tells why (https://github.com/dessant/lock-threads/issues/24).
 */
export function convertToDiscussion(world: World, actor: Actor, issue: Issue): void {
  setLocked(world, actor, issue, true, 'resolved');
  updateIssue(world, actor, issue, { state: 'closed', state_reason: 'completed' });
}

function leaveHierarchy(issue: Issue): void {
  if (issue.parent !== undefined) issue.parent.subIssues = issue.parent.subIssues.filter((one) => one !== issue);
  for (const child of issue.subIssues) child.parent = undefined;
  issue.parent = undefined;
  issue.subIssues = [];
}
