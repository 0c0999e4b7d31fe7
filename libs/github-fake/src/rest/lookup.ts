import { type Call } from '../http/call.js';
import { movedTo, notFound, Refusal } from '../world/refusal.js';
import { type Actor, type Comment, type Issue, type Repository } from '../world/types.js';
import { atLeast } from '../world/types.js';
import { type World } from '../world/world.js';

/** @throws Refusal 404, 410 for a deleted issue, 301 for a transferred one, with where it is now */
export function issueNumbered(world: World, repository: Repository, number: number): Issue {
  const issue = repository.issues.get(number);
  if (issue === undefined) throw notFound();
  if (issue.end?.kind === 'deleted') throw new Refusal(410, 'This issue was deleted');
  if (issue.end?.kind === 'transferred') {
    const { to } = issue.end;
    throw movedTo(`${world.root()}/repositories/${to.repository.id}/issues/${to.number}`);
  }
  return issue;
}

export const issueOf = (call: Call): Issue => issueNumbered(call.world, call.repository, Number(call.params['issue_number']));

export function commentOf(call: Call): Comment {
  const id = Number(call.params['comment_id']);
  for (const issue of call.repository.issues.values()) {
    const found = issue.end === undefined ? issue.comments.find((one) => one.id === id) : undefined;
    if (found !== undefined) return found;
  }
  throw notFound();
}

export function issueWithId(world: World, id: number): Issue {
  for (const repository of world.repositories.values()) {
    for (const issue of repository.issues.values()) if (issue.id === id && issue.end === undefined) return issue;
  }
  throw notFound();
}

/** Texts are changed by their authors, and by those who may triage. @throws Refusal 403 */
export function checkMayEdit(call: Call, author: Actor['account']): void {
  if (call.actor.account !== author && !atLeast(call.role, 'triage')) throw new Refusal(403, 'Must have admin rights to Repository.');
}

/** Labels come as names or as objects that have one. */
export const names = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.map((one: unknown) => typeof one === 'object' && one !== null ? String((one as { name?: unknown }).name) : String(one)) : undefined;

/** A member of a body that is valid by GitHub's description, as what it is there. */
export const text = (value: unknown): string | undefined => value === undefined || value === null ? undefined : String(value as string | number);
