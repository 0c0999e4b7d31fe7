import type { IssueChanges, IssueFields, NameChanges } from '../tracker/issue-tracker.js';
import type { CanonicalFields } from './canonical-fields.js';
import { divideLabels, includesName } from './labels.js';

/** What of the issue differs from what both sides shall have. `seen` is the issue in canonical form. */
export function issuePatch(issue: IssueFields, seen: CanonicalFields, fields: CanonicalFields, managed: readonly string[], label: string, body: string | undefined): IssueChanges {
  return {
    ...(seen.title === fields.title ? {} : { title: fields.title }),
    ...(body === undefined ? {} : { body }),
    ...(seen.state === fields.state ? {} : { state: fields.state, stateReason: fields.state === 'closed' ? 'completed' as const : 'reopened' as const }),
    ...nameChanges('labels', [...seen.labels, ...divideLabels(issue.labels, label).managed], [...fields.labels, ...managed]),
    ...nameChanges('assignees', seen.assignees, fields.assignees),
    ...(seen.milestone === fields.milestone ? {} : { milestone: fields.milestone === 0 ? undefined : fields.milestone }),
  };
}

function nameChanges(field: 'labels' | 'assignees', now: readonly string[], wanted: readonly string[]): { readonly [field: string]: NameChanges } {
  const without = (names: readonly string[], others: readonly string[]): string[] => names.filter((name) => !includesName(others, name));
  const changes = { add: without(wanted, now), remove: without(now, wanted) };
  return changes.add.length + changes.remove.length === 0 ? {} : { [field]: changes };
}
