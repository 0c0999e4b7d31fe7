import { instant } from '../clock.js';
import { created, empty, list, ok, type Call, type Handler } from '../http/call.js';
import { issueJson, labelledJson } from '../json/issue-json.js';
import { notFound } from '../world/refusal.js';
import { type Issue } from '../world/types.js';
import { createIssue, mayBeAssigned, setAssignees, setLocked, updateIssue, type IssueChanges } from '../verbs/issues.js';
import { accountJson } from '../json/account-json.js';
import { checkMayEdit, issueOf, names, text } from './lookup.js';

const shown = (call: Call, issue: Issue): unknown => issueJson(call.world.root(), issue);

function changesOf(call: Call): IssueChanges {
  const { body } = call;
  const assignees = names(body['assignees']) ?? (typeof body['assignee'] === 'string' ? [body['assignee']] : undefined);
  const milestone = body['milestone'];
  return {
    title: text(body['title']), body: body['body'] === undefined ? undefined : text(body['body']) ?? null, state: body['state'] as IssueChanges['state'], state_reason: body['state_reason'] as IssueChanges['state_reason'],
    labels: names(body['labels']), assignees, milestone: milestone === undefined ? undefined : milestone === null ? null : Number(milestone),
  };
}

type Listed = Readonly<Record<string, string>>;
const fits: readonly ((issue: Issue, query: Listed) => boolean)[] = [
  (issue, { state = 'open' }) => state === 'all' || issue.state === state,
  (issue, { labels }) => labels === undefined || labels.split(',').every((name) => issue.labels.some((one) => one.name.toLowerCase() === name.trim().toLowerCase())),
  (issue, { since }) => since === undefined || Date.parse(instant(issue.updatedAt)) >= Date.parse(since),
  (issue, { creator }) => creator === undefined || issue.author.login.toLowerCase() === creator.toLowerCase(),
  (issue, { assignee }) => assignee === undefined || (assignee === 'none' ? issue.assignees.length === 0 : assignee === '*' ? issue.assignees.length > 0 : issue.assignees.some((one) => one.login.toLowerCase() === assignee.toLowerCase())),
  (issue, { milestone }) => milestone === undefined || (milestone === 'none' ? issue.milestone === undefined : milestone === '*' ? issue.milestone !== undefined : issue.milestone?.number === Number(milestone)),
];

const keys: Readonly<Record<string, (issue: Issue) => number>> = { created: (issue) => issue.createdAt, updated: (issue) => issue.updatedAt, comments: (issue) => issue.comments.length };

function listed(call: Call): readonly Issue[] {
  const { sort = 'created', direction = 'desc' } = call.query;
  const key = keys[sort] ?? ((issue: Issue) => issue.createdAt);
  const sign = direction === 'asc' ? 1 : -1;
  return call.listed().filter((issue) => issue.end === undefined && fits.every((fit) => fit(issue, call.query))).sort((a, b) => sign * (key(a) - key(b) || a.number - b.number));
}

export const issueHandlers: Readonly<Record<string, Handler>> = {
  'issues/create': (call) => created(shown(call, createIssue(call.world, call.actor, call.repository, { ...changesOf(call), title: text(call.body['title']) ?? '' }))),
  'issues/get': (call) => ok(shown(call, issueOf(call))),
  'issues/list-for-repo': (call) => list(listed(call), (issue) => shown(call, issue)),
  'issues/update': (call) => {
    const issue = issueOf(call);
    checkMayEdit(call, issue.author);
    updateIssue(call.world, call.actor, issue, changesOf(call));
    return ok(shown(call, issue));
  },
  'issues/list-events': (call) => {
    const issue = issueOf(call);
    return list(issue.labelled, (one) => labelledJson(call.world.root(), issue, one));
  },
  'issues/lock': (call) => {
    setLocked(call.world, call.actor, issueOf(call), true, text(call.body['lock_reason']) ?? null);
    return empty();
  },
  'issues/unlock': (call) => {
    setLocked(call.world, call.actor, issueOf(call), false);
    return empty();
  },
  'issues/add-assignees': (call) => {
    const issue = issueOf(call);
    setAssignees(call.world, call.actor, issue, [...issue.assignees.map((one) => one.login), ...names(call.body['assignees']) ?? []]);
    return created(shown(call, issue));
  },
  'issues/remove-assignees': (call) => {
    const issue = issueOf(call);
    const removed = new Set((names(call.body['assignees']) ?? []).map((one) => one.toLowerCase()));
    setAssignees(call.world, call.actor, issue, issue.assignees.map((one) => one.login).filter((one) => !removed.has(one.toLowerCase())));
    return ok(shown(call, issue));
  },
  'issues/list-assignees': (call) => list([...call.world.accounts.values()].filter((one) => mayBeAssigned(call.world, call.repository, one)), (one) => accountJson(call.world.root(), one)),
  'issues/check-user-can-be-assigned': (call) => {
    const account = call.world.account(call.params['assignee'] ?? '');
    if (account === undefined || !mayBeAssigned(call.world, call.repository, account)) throw notFound();
    return empty();
  },
};
