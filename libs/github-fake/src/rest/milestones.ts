import { created, empty, list, ok, type Call, type Handler } from '../http/call.js';
import { milestoneJson } from '../json/issue-json.js';
import { createMilestone, deleteMilestone, milestoneOf, updateMilestone, type MilestoneFields } from '../verbs/milestones.js';
import { type Milestone } from '../world/types.js';
import { text } from './lookup.js';

const shown = (call: Call) => (milestone: Milestone): unknown => milestoneJson(call.world.root(), call.repository, milestone);
const named = (call: Call): Milestone => milestoneOf(call.repository, Number(call.params['milestone_number']));
const fields = (call: Call): MilestoneFields =>
  ({ title: text(call.body['title']), description: text(call.body['description']), state: call.body['state'] as MilestoneFields['state'], due_on: text(call.body['due_on']) });

export const milestoneHandlers: Readonly<Record<string, Handler>> = {
  'issues/list-milestones': (call) => list([...call.repository.milestones.values()].filter((one) => (call.query['state'] ?? 'open') === 'all' || one.state === (call.query['state'] ?? 'open')), shown(call)),
  'issues/create-milestone': (call) => created(shown(call)(createMilestone(call.world, call.actor, call.repository, { ...fields(call), title: text(call.body['title']) ?? '' }))),
  'issues/get-milestone': (call) => ok(shown(call)(named(call))),
  'issues/update-milestone': (call) => {
    const milestone = named(call);
    updateMilestone(call.world, call.repository, milestone, fields(call));
    return ok(shown(call)(milestone));
  },
  'issues/delete-milestone': (call) => {
    deleteMilestone(call.repository, named(call));
    return empty();
  },
};
