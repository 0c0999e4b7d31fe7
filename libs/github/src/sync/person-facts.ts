import type { CanonicalFields } from './canonical-fields.js';
import { conflictLabel, includesName } from './labels.js';
import type { Restored } from './restore-edits.js';
import type { KeptText, SyncFact } from './sync-facts.js';
import type { SyncBase } from './sync-record.js';
import type { WorkItemRow } from './work-item-row.js';

/** What people did on GitHub that the work item does not have yet. */
export function personFacts(base: SyncBase, item: WorkItemRow, { issue, ticks }: Restored, fields: CanonicalFields, keep: readonly KeptText[]): SyncFact[] {
  const said = item.ticks ?? base.ticks;
  return [
    ...(issue.state === base.state ? [] : [{ kind: issue.state === 'closed' ? 'closed-by-person' : 'reopened-by-person' } as const]),
    ...(issue.title === base.title ? [] : [{ kind: 'renamed-by-person', from: base.title, to: issue.title } as const]),
    ...setFact('labels-changed', item.labels ?? base.labels, fields.labels),
    ...setFact('assignees-changed', item.assignees ?? base.assignees, fields.assignees),
    ...(issue.milestone === base.milestone || issue.milestone === item.milestone ? [] : [{ kind: 'milestone-changed', to: issue.milestone === 0 ? undefined : issue.milestone } as const]),
    ...((item.columns['notes'] ?? '') === fields.people ? [] : [{ kind: 'notes-changed' } as const]),
    ...[...ticks].filter(([id, isDone]) => isDone !== base.ticks.includes(id) && isDone !== said.includes(id)).map(([id, isDone]) => ({ kind: 'ticked', id, isDone } as const)),
    ...keep.map(({ where }) => ({ kind: 'text-kept', where } as const)),
  ];
}

function setFact(kind: 'labels-changed' | 'assignees-changed', before: readonly string[], after: readonly string[]): SyncFact[] {
  const without = (names: readonly string[], others: readonly string[]): string[] => names.filter((name) => !includesName(others, name) && name !== conflictLabel);
  const [added, removed] = [without(after, before), without(before, after)];
  return added.length + removed.length === 0 ? [] : [{ kind, added, removed }];
}
