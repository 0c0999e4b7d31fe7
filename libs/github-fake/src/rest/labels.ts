import { created, empty, list, ok, type Answer, type Call, type Handler } from '../http/call.js';
import { labelJson } from '../json/issue-json.js';
import { addLabels, createLabel, deleteLabel, labelOf, removeLabel, setLabels, updateLabel } from '../verbs/labels.js';
import { notFound } from '../world/refusal.js';
import { type Issue, type Label } from '../world/types.js';
import { issueOf, names, text } from './lookup.js';

const shown = (call: Call) => (label: Label): unknown => labelJson(call.world.root(), call.repository, label);

function named(call: Call): Label {
  const label = labelOf(call.repository, call.params['name'] ?? '');
  if (label === undefined) throw notFound();
  return label;
}

const fields = (call: Call): { readonly color?: string | undefined; readonly description?: string | undefined } => ({ color: text(call.body['color']), description: text(call.body['description']) });

/** These answer with all labels of the issue, on one page. */
const ofIssue = (call: Call, issue: Issue): Answer => ok(issue.labels.map(shown(call)));

export const labelHandlers: Readonly<Record<string, Handler>> = {
  'issues/list-labels-for-repo': (call) => list([...call.repository.labels.values()], shown(call)),
  'issues/create-label': (call) => created(shown(call)(createLabel(call.world, call.repository, { ...fields(call), name: text(call.body['name']) ?? '' }))),
  'issues/get-label': (call) => ok(shown(call)(named(call))),
  'issues/update-label': (call) => {
    const label = named(call);
    updateLabel(call.repository, label, { ...fields(call), name: text(call.body['new_name']) });
    return ok(shown(call)(label));
  },
  'issues/delete-label': (call) => {
    deleteLabel(call.world, call.actor, call.repository, named(call));
    return empty();
  },
  'issues/list-labels-on-issue': (call) => list(issueOf(call).labels, shown(call)),
  'issues/add-labels': (call) => {
    const issue = issueOf(call);
    addLabels(call.world, call.actor, issue, names(call.body['labels']) ?? []);
    return ofIssue(call, issue);
  },
  'issues/set-labels': (call) => {
    const issue = issueOf(call);
    setLabels(call.world, call.actor, issue, names(call.body['labels']) ?? []);
    return ofIssue(call, issue);
  },
  'issues/remove-label': (call) => {
    const issue = issueOf(call);
    removeLabel(call.world, call.actor, issue, call.params['name'] ?? '');
    return ofIssue(call, issue);
  },
  'issues/remove-all-labels': (call) => {
    setLabels(call.world, call.actor, issueOf(call), []);
    return empty();
  },
};
