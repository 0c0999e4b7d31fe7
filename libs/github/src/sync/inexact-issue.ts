import type { IssueChanges, IssueFields } from '../tracker/issue-tracker.js';
import { canonicalTitle } from './canonical-text.js';
import type { SyncRecord } from './sync-record.js';
import type { WorkItemRow } from './work-item-row.js';

/** An issue of a tracker that cleans texts and leaves fields out: what it does not tell is taken for what it last was. */
export function assumedIssue(issue: IssueFields, item: WorkItemRow, record: SyncRecord): IssueFields {
  const base = record.base ?? record.pending?.base;
  const milestone = base?.milestone ?? (typeof item.milestone === 'number' ? item.milestone : 0);
  return { ...issue, title: base?.title ?? canonicalTitle(item.title), body: item.columns['notes'] ?? '', milestone: milestone === 0 ? undefined : milestone };
}

/** Without what would overwrite a person's text unseen. */
export function blindPatch(patch: IssueChanges, issue: IssueFields, assumed: IssueFields): IssueChanges {
  const { title, body: _body, ...rest } = patch;
  return title === undefined || canonicalTitle(issue.title) !== assumed.title ? rest : { title, ...rest };
}
