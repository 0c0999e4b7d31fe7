import type { IssueFields, IssueState } from '../tracker/issue-tracker.js';
import { blockTicks, peopleText, type ParsedBody } from './body.js';
import { canonicalText, canonicalTitle } from './canonical-text.js';
import { canonicalNames, divideLabels } from './labels.js';

/** What both sides have of a work item, in the one form in which they are compared. */
export interface CanonicalFields {
  readonly title: string;
  readonly state: IssueState;
  /** People's. */
  readonly labels: readonly string[];
  /** Logins. */
  readonly assignees: readonly string[];
  /** 0 is none. */
  readonly milestone: number;
  /** People's part of the body. */
  readonly people: string;
  /** Ids of ticked items. */
  readonly ticks: readonly string[];
}

/** Idempotent. */
export const canonicalise = (fields: CanonicalFields): CanonicalFields => ({
  title: canonicalTitle(fields.title),
  state: fields.state,
  labels: canonicalNames(fields.labels),
  assignees: canonicalNames(fields.assignees),
  milestone: fields.milestone,
  people: canonicalText(fields.people),
  ticks: canonicalNames(fields.ticks),
});

/** An issue as GitHub has it. */
export const fieldsOfIssue = (issue: IssueFields, body: ParsedBody, label: string): CanonicalFields => canonicalise({
  title: issue.title, state: issue.state, labels: divideLabels(issue.labels, label).people, assignees: issue.assignees, milestone: issue.milestone ?? 0,
  people: peopleText(body), ticks: [...blockTicks(body)].flatMap(([id, ticked]) => (ticked ? [id] : [])),
});
