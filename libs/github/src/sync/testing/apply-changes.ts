import type { IssueChanges, IssueFields, NameChanges } from '../../tracker/issue-tracker.js';

const changed = (names: readonly string[], { add, remove }: NameChanges): string[] => [...new Set([...names, ...add])].filter((name) => !remove.some((one) => one.toLowerCase() === name.toLowerCase()));

/** What an issue is after these changes, as GitHub makes them. */
export function applyChanges<T extends IssueFields>(issue: T, { labels, assignees, ...rest }: IssueChanges): T {
  return { ...issue, ...rest, ...(labels === undefined ? {} : { labels: changed(issue.labels, labels) }), ...(assignees === undefined ? {} : { assignees: changed(issue.assignees, assignees) }) };
}
