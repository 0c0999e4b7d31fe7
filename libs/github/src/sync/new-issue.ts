import type { IssueFields } from '../tracker/issue-tracker.js';
import { composeBody } from './body.js';
import { canonicalTitle } from './canonical-text.js';
import { cascadeLabel } from './labels.js';
import type { Marks } from './marks.js';
import { machineTicks, managedLabels, renderBlock, type ListedChild } from './render-item.js';
import type { SyncBase, SyncRecord } from './sync-record.js';
import type { WorkItemRow } from './work-item-row.js';

export interface NewIssue {
  readonly fields: Pick<IssueFields, 'title' | 'body' | 'labels' | 'assignees' | 'milestone'>;
  /** Saved before the issue is asked for, and kept while nobody knows whether it came to be. */
  readonly before: SyncRecord;
  /** Saved with the mapping. An issue is born open: the next plan closes one whose work is done. */
  readonly after: SyncRecord;
}

/** The issue of a work item that has none. People's notes of an earlier, lost one come along. Throws CASC_GITHUB_BODY_TOO_LONG. */
export function newIssue(item: WorkItemRow, marks: Marks, options: { readonly label?: string; readonly children?: readonly ListedChild[] } = {}): NewIssue {
  const block = renderBlock(item, options.children);
  const machine = machineTicks(item, block);
  const ticks = block.items.filter((id) => machine.includes(id) || item.ticks?.includes(id) === true).sort();
  const composed = composeBody({ before: '', after: item.columns['notes'] ?? '' }, block, ticks, item.key, marks);
  const title = canonicalTitle(item.title);
  const [labels, assignees] = [[...(item.labels ?? [])], [...(item.assignees ?? [])]];
  const milestone = typeof item.milestone === 'number' ? item.milestone : 0;
  const base: SyncBase = { title, machineTitle: title, state: 'open', machineState: 'open', labels, assignees, milestone, ticks, machineTicks: machine, block: composed.block };
  return {
    fields: { title, body: composed.body, labels: [...labels, ...managedLabels(item, options.label ?? cascadeLabel)], assignees, milestone: milestone === 0 ? undefined : milestone },
    before: { v: 1, pending: { fields: [], labels: [], assignees: [], ticks: [], base }, notes: [] },
    after: { v: 1, base, notes: [] },
  };
}
