import type { IssueState } from '../tracker/issue-tracker.js';

/** Statuses after which nothing more is to be done; every other one, known or not, is work. */
const ended: ReadonlySet<string> = new Set(['Done', 'Cancelled']);

/** What a work item's status says of its issue. */
export const stateOf = (status: string): IssueState => (ended.has(status) ? 'closed' : 'open');

/** `InProgress` → `status:in-progress`. */
export function statusLabel(status: string): string {
  const words = status.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== '').join('-').slice(0, 40);
  return `status:${words === '' ? 'unknown' : words}`;
}
