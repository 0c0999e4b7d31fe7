import { commentJson, issueJson } from '../json/issue-json.js';
import { type Json } from '../json/account-json.js';
import { forbidden, invalid } from '../world/refusal.js';
import { atLeast, type Actor, type Comment, type Issue } from '../world/types.js';
import { type World } from '../world/world.js';
import { characters, MAX_BODY } from './changes.js';

export function createComment(world: World, actor: Actor, issue: Issue, body: string): Comment {
  checkBody(body);
  const mayWrite = actor.app !== undefined || atLeast(world.roleOf(actor.account, issue.repository), 'write');
  if (issue.isLocked && !mayWrite) throw forbidden('Unable to create comment because issue is locked.');
  const now = world.now();
  const comment: Comment = { ...world.identity('IC'), author: actor.account, ...(actor.app === undefined ? {} : { app: actor.app }), issue, body, createdAt: now, updatedAt: now };
  issue.comments = [...issue.comments, comment];
  issue.updatedAt = now;
  tell(world, actor, comment, 'created');
  return comment;
}

export function updateComment(world: World, actor: Actor, comment: Comment, body: string): void {
  checkBody(body);
  if (body === comment.body) return;
  const from = comment.body;
  comment.body = body;
  comment.updatedAt = world.now();
  comment.issue.updatedAt = world.now();
  tell(world, actor, comment, 'edited', { changes: { body: { from } } });
}

export function deleteComment(world: World, actor: Actor, comment: Comment): void {
  comment.issue.comments = comment.issue.comments.filter((one) => one !== comment);
  comment.issue.updatedAt = world.now();
  tell(world, actor, comment, 'deleted');
}

function checkBody(body: string): void {
  if (body.trim() === '') throw invalid('IssueComment', 'body', 'missing_field', 'Body cannot be blank');
  if (characters(body) > MAX_BODY) throw invalid('IssueComment', 'body', 'custom', `body is too long (maximum is ${MAX_BODY} characters)`);
}

function tell(world: World, actor: Actor, comment: Comment, action: string, more: Json = {}): void {
  const root = world.root();
  world.emit({ event: 'issue_comment', action, repository: comment.issue.repository, actor, payload: { issue: issueJson(root, comment.issue), comment: commentJson(root, comment), ...more } });
}
