import { created, list, ok, type Call, type Handler } from '../http/call.js';
import { issueJson } from '../json/issue-json.js';
import { addSubIssue, moveSubIssue, removeSubIssue } from '../verbs/sub-issues.js';
import { notFound } from '../world/refusal.js';
import { type Issue } from '../world/types.js';
import { issueOf, issueWithId } from './lookup.js';

const shown = (call: Call) => (issue: Issue): unknown => issueJson(call.world.root(), issue);
/** By id, not by number: an issue of the same owner may be a sub-issue from another repository. */
const child = (call: Call): Issue => issueWithId(call.world, Number(call.body['sub_issue_id']));
const optional = (call: Call, name: string): Issue | undefined => call.body[name] === undefined ? undefined : issueWithId(call.world, Number(call.body[name]));

export const subIssueHandlers: Readonly<Record<string, Handler>> = {
  'issues/list-sub-issues': (call) => list(issueOf(call).subIssues, shown(call)),
  'issues/get-parent': (call) => {
    const { parent } = issueOf(call);
    if (parent === undefined) throw notFound();
    return ok(shown(call)(parent));
  },
  'issues/add-sub-issue': (call) => {
    const parent = issueOf(call);
    addSubIssue(call.world, call.actor, parent, child(call), call.body['replace_parent'] === true);
    return created(shown(call)(parent));
  },
  'issues/remove-sub-issue': (call) => {
    const parent = issueOf(call);
    removeSubIssue(call.world, call.actor, parent, child(call));
    return ok(shown(call)(parent));
  },
  'issues/reprioritize-sub-issue': (call) => {
    const parent = issueOf(call);
    moveSubIssue(parent, child(call), { after: optional(call, 'after_id'), before: optional(call, 'before_id') });
    return ok(shown(call)(parent));
  },
};
