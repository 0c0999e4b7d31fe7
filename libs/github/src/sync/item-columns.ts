import type { CanonicalFields } from './canonical-fields.js';
import { canonicalTitle } from './canonical-text.js';
import { sameNames } from './labels.js';
import type { WorkItemRow } from './work-item-row.js';

/** The columns of the work item that differ from what both sides shall have (docs/keys.md). */
export function changedColumns(item: WorkItemRow, fields: CanonicalFields): Record<string, string> {
  const names = (column: string, now: readonly string[] | undefined, wanted: readonly string[]): Record<string, string> =>
    (sameNames(now ?? [], wanted) ? {} : { [column]: JSON.stringify(wanted) });
  const text = (column: string, wanted: string): Record<string, string> => ((item.columns[column] ?? '') === wanted ? {} : { [column]: wanted });
  return {
    ...(canonicalTitle(item.title) === fields.title ? {} : { title: fields.title }),
    ...names('labels', item.labels, fields.labels),
    ...names('assignees', item.assignees, fields.assignees),
    ...names('ticks', item.ticks, fields.ticks),
    ...text('milestone', fields.milestone === 0 ? '' : String(fields.milestone)),
    ...text('issue_state', fields.state),
    ...text('notes', fields.people),
  };
}
