import type { IssueChanges } from '../tracker/issue-tracker.js';
import type { CanonicalFields } from './canonical-fields.js';
import { canonicalNames, changedNames, includesName } from './labels.js';
import type { PendingWrite, SyncBase, SyncRecord } from './sync-record.js';

/** What is to be known of a write, should nobody hear of its end: what it changes of what was seen. */
export const pendingWrite = (patch: IssueChanges, seen: CanonicalFields, base: SyncBase): PendingWrite => ({
  fields: (['title', 'state', 'milestone'] as const).filter((field) => field in patch),
  labels: changedNames(seen.labels, base.labels), assignees: changedNames(seen.assignees, base.assignees), ticks: changedNames(seen.ticks, base.ticks),
  base,
});

/**
 * The base after a write whose answer never came: where GitHub shows what the write was to make, it made it, and no
 * person did. What a person had changed by then is not part of the write, hence still news.
 */
export function absorbPending({ base, pending }: SyncRecord, issue: CanonicalFields): SyncBase | undefined {
  if (pending === undefined) return base;
  const next = pending.base;
  if (base === undefined) return next;
  const arrived = (field: 'title' | 'state' | 'milestone'): boolean => pending.fields.includes(field) && issue[field] === next[field];
  const ticks = pending.ticks.filter((id) => issue.ticks.includes(id) === next.ticks.includes(id));
  return {
    ...base,
    ...(arrived('title') ? { title: next.title, machineTitle: next.machineTitle } : {}),
    ...(arrived('state') ? { state: next.state, machineState: next.machineState } : {}),
    ...(arrived('milestone') ? { milestone: next.milestone } : {}),
    labels: absorbed(base.labels, next.labels, issue.labels, pending.labels),
    assignees: absorbed(base.assignees, next.assignees, issue.assignees, pending.assignees),
    ticks: absorbed(base.ticks, next.ticks, issue.ticks, pending.ticks),
    machineTicks: absorbed(base.machineTicks, next.machineTicks, next.machineTicks, ticks),
  };
}

/** `base` with those of the changed names as in `next` that `issue` has as `next` has them. */
function absorbed(base: readonly string[], next: readonly string[], issue: readonly string[], changed: readonly string[]): string[] {
  const arrived = changed.filter((name) => includesName(issue, name) === includesName(next, name));
  return canonicalNames([...base.filter((name) => !includesName(arrived, name)), ...next.filter((name) => includesName(arrived, name))]);
}
