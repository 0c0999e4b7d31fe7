import type { IssueFields } from '../tracker/issue-tracker.js';
import type { CanonicalFields } from './canonical-fields.js';
import { divideLabels, sameNames } from './labels.js';

/** What of the issue differs from what both sides shall have. `seen` is the issue in canonical form. */
export function issuePatch(issue: IssueFields, seen: CanonicalFields, fields: CanonicalFields, managed: readonly string[], label: string, body: string | undefined): Partial<IssueFields> {
  const sameLabels = sameNames(seen.labels, fields.labels) && sameNames(divideLabels(issue.labels, label).managed, managed);
  return {
    ...(seen.title === fields.title ? {} : { title: fields.title }),
    ...(body === undefined ? {} : { body }),
    ...(seen.state === fields.state ? {} : { state: fields.state, stateReason: fields.state === 'closed' ? 'completed' as const : 'reopened' as const }),
    ...(sameLabels ? {} : { labels: [...fields.labels, ...managed] }),
    ...(sameNames(seen.assignees, fields.assignees) ? {} : { assignees: fields.assignees }),
    ...(seen.milestone === fields.milestone ? {} : { milestone: fields.milestone === 0 ? undefined : fields.milestone }),
  };
}
