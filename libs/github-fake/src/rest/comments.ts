import { instant } from '../clock.js';
import { created, empty, list, ok, type Call, type Handler } from '../http/call.js';
import { commentJson } from '../json/issue-json.js';
import { createComment, deleteComment, updateComment } from '../verbs/comments.js';
import { Refusal } from '../world/refusal.js';
import { atLeast, type Comment } from '../world/types.js';
import { commentOf, issueOf, text } from './lookup.js';

const shown = (call: Call) => (comment: Comment): unknown => commentJson(call.world.root(), comment);
const isSince = (call: Call) => (comment: Comment): boolean => call.query['since'] === undefined || Date.parse(instant(comment.updatedAt)) >= Date.parse(call.query['since']);

/** Comments are changed by their authors, and by those who may write. */
function editable(call: Call): Comment {
  const comment = commentOf(call);
  if (comment.author !== call.actor.account && !atLeast(call.role, 'write')) throw new Refusal(403, 'Must have admin rights to Repository.');
  return comment;
}

export const commentHandlers: Readonly<Record<string, Handler>> = {
  'issues/list-comments': (call) => {
    const { number } = issueOf(call);
    const comments = call.listed().find((one) => one.number === number)?.comments ?? [];
    return list(comments.filter(isSince(call)), shown(call));
  },
  'issues/list-comments-for-repo': (call) => {
    const key = call.query['sort'] === 'updated' ? 'updatedAt' : 'createdAt';
    const sign = call.query['direction'] === 'desc' ? -1 : 1;
    const comments = call.listed().filter((one) => one.end === undefined).flatMap((one) => one.comments).filter(isSince(call));
    return list(comments.sort((a, b) => sign * (a[key] - b[key] || a.id - b.id)), shown(call));
  },
  'issues/create-comment': (call) => created(shown(call)(createComment(call.world, call.actor, issueOf(call), text(call.body['body']) ?? ''))),
  'issues/get-comment': (call) => ok(shown(call)(commentOf(call))),
  'issues/update-comment': (call) => {
    const comment = editable(call);
    updateComment(call.world, call.actor, comment, text(call.body['body']) ?? '');
    return ok(shown(call)(comment));
  },
  'issues/delete-comment': (call) => {
    deleteComment(call.world, call.actor, editable(call));
    return empty();
  },
};
