import { actorOf, type Caller } from '../http/call.js';
import { deleteIssue } from '../verbs/ends.js';
import { updateIssue } from '../verbs/issues.js';
import { createLabel, deleteLabel, updateLabel } from '../verbs/labels.js';
import { pullsOf, setDraft } from '../verbs/pulls.js';
import { type Actor, type Issue } from '../world/types.js';
import { type World } from '../world/world.js';
import { type Args, type GraphObject } from './connection.js';
import { Nodes, writesLabels } from './nodes.js';
import { issueObject, labelObject, repositoryObject } from './objects.js';
import { notFoundNode } from './problems.js';

type Input = Readonly<Record<string, unknown>>;

const text = (value: unknown): string | undefined => typeof value === 'string' ? value : undefined;

/** Each takes `input` and answers what it changed. */
export function mutations(world: World, caller: Caller): GraphObject {
  const actor = actorOf(caller);
  const nodes = new Nodes(world, caller);
  const all: Readonly<Record<string, (input: Input) => GraphObject>> = { ...ofPulls(world, actor, nodes), ...ofIssues(world, actor, nodes), ...ofLabels(world, actor, nodes) };
  return Object.fromEntries(Object.entries(all).map(([name, change]) => [name, (args: Args) => ({ clientMutationId: null, ...change((args['input'] ?? {}) as Input) })]));
}

function ofPulls(world: World, actor: Actor, nodes: Nodes): Readonly<Record<string, (input: Input) => GraphObject>> {
  const draft = (isDraft: boolean) => (input: Input): GraphObject => {
    const seen = nodes.issue(input['pullRequestId'], { permission: 'pull_requests', level: 'write', role: 'read' });
    const pull = pullsOf(seen.repository).find((one) => one === seen);
    if (pull === undefined) throw notFoundNode(input['pullRequestId']);
    if (pull.author !== actor.account) nodes.issue(pull.nodeId, { permission: 'pull_requests', level: 'write', role: 'write' });
    setDraft(world, actor, pull, isDraft);
    return { pullRequest: issueObject(world, pull) };
  };
  return { convertPullRequestToDraft: draft(true), markPullRequestReadyForReview: draft(false) };
}

function ofIssues(world: World, actor: Actor, nodes: Nodes): Readonly<Record<string, (input: Input) => GraphObject>> {
  const issueOf = (input: Input): Issue => {
    const issue = nodes.issue(input['issueId'], { permission: 'issues', level: 'write', role: 'read' });
    return issue.author === actor.account ? issue : nodes.issue(issue.nodeId, { permission: 'issues', level: 'write', role: 'triage' });
  };
  const changed = (input: Input, change: Parameters<typeof updateIssue>[3]): GraphObject => {
    const issue = issueOf(input);
    updateIssue(world, actor, issue, change);
    return { issue: issueObject(world, issue) };
  };
  return {
    closeIssue: (input) => changed(input, { state: 'closed', state_reason: (text(input['stateReason'])?.toLowerCase() ?? 'completed') as Issue['stateReason'] }),
    reopenIssue: (input) => changed(input, { state: 'open' }),
    deleteIssue: (input) => {
      const issue = nodes.issue(input['issueId'], { permission: 'issues', level: 'write', role: 'admin' });
      deleteIssue(world, actor, issue);
      return { repository: repositoryObject(world, issue.repository) };
    },
  };
}

function ofLabels(world: World, actor: Actor, nodes: Nodes): Readonly<Record<string, (input: Input) => GraphObject>> {
  return {
    createLabel: (input) => {
      const repository = nodes.repository(input['repositoryId'], writesLabels);
      return { label: labelObject(createLabel(world, repository, { name: text(input['name']) ?? '', color: text(input['color']), description: text(input['description']) })) };
    },
    updateLabel: (input) => {
      const { label, repository } = nodes.label(input['id']);
      updateLabel(repository, label, { name: text(input['name']), color: text(input['color']), description: text(input['description']) });
      return { label: labelObject(label) };
    },
    deleteLabel: (input) => {
      const { label, repository } = nodes.label(input['id']);
      deleteLabel(world, actor, repository, label);
      return {};
    },
  };
}
