import type { IssueState } from '../tracker/issue-tracker.js';
import type { CanonicalFields } from './canonical-fields.js';
import { canonicalTitle } from './canonical-text.js';
import { mergeNames } from './labels.js';
import { stateOf } from './item-state.js';
import type { SyncBase } from './sync-record.js';
import { mergeTicks } from './ticks.js';
import type { WorkItemRow } from './work-item-row.js';

export interface Merged {
  readonly title: string;
  readonly machineTitle: string;
  readonly state: IssueState;
  readonly machineState: IssueState;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly milestone: number;
  readonly ticks: readonly string[];
  readonly machineTicks: readonly string[];
}

/** Cascade's own side, without what people may change. */
export interface MachineSide {
  readonly items: readonly string[];
  readonly ticks: readonly string[];
}

/** Field by field against what both sides had last. */
export function mergeFields(base: SyncBase, item: WorkItemRow, machine: MachineSide, issue: CanonicalFields, ticks: ReadonlyMap<string, boolean>): Merged {
  const machineState = stateOf(item.status);
  const ours = ownTicks(base, item, machine);
  return {
    ...mergeTitle(base, canonicalTitle(item.title), issue.title),
    state: issue.state !== base.state ? issue.state : machineState !== base.machineState ? machineState : base.state,
    machineState,
    labels: mergeNames(base.labels, item.labels ?? base.labels, issue.labels),
    assignees: mergeNames(base.assignees, item.assignees ?? base.assignees, issue.assignees),
    milestone: issue.milestone !== base.milestone ? issue.milestone : ownMilestone(base, item),
    ticks: mergeTicks(machine.items, base.ticks, ours, ticks),
    machineTicks: machine.ticks,
  };
}

/** A person's title stays, also when Cascade saves its own again or another one; without one, Cascade's counts. */
function mergeTitle(base: SyncBase, ours: string, theirs: string): Pick<Merged, 'title' | 'machineTitle'> {
  const machineTitle = ours === base.title ? base.machineTitle : ours;
  const isPersons = base.title !== base.machineTitle;
  if (theirs !== base.title) return { title: theirs, machineTitle };
  return { title: isPersons ? base.title : ours, machineTitle: isPersons ? machineTitle : ours };
}

const ownMilestone = (base: SyncBase, item: WorkItemRow): number => (item.milestone === undefined ? base.milestone : item.milestone === 'none' ? 0 : item.milestone);

/** Ticks of the work item; what its progress changed since counts before what its column says. */
function ownTicks(base: SyncBase, item: WorkItemRow, machine: MachineSide): string[] {
  const said = item.ticks ?? base.ticks;
  return machine.items.filter((id) => {
    const done = machine.ticks.includes(id);
    return done === base.machineTicks.includes(id) ? said.includes(id) : done;
  });
}

/** Without a base nobody can tell who changed what: the issue's values stand, sets are joined. */
export function firstBase(item: WorkItemRow, machine: MachineSide, issue: CanonicalFields): SyncBase {
  return {
    title: issue.title, machineTitle: canonicalTitle(item.title), state: issue.state, machineState: stateOf(item.status),
    labels: [], assignees: [], milestone: issue.milestone === 0 || typeof item.milestone !== 'number' ? 0 : item.milestone, ticks: [], machineTicks: [...machine.ticks], block: '',
  };
}
