import { isCascadeError } from '@cascade/messages';
import type { IssueChanges, IssueFields } from '../tracker/issue-tracker.js';
import { composeBody, parseBody, peopleText, type ParsedBody } from './body.js';
import { cut } from './canonical-text.js';
import { fieldsOfIssue, type CanonicalFields } from './canonical-fields.js';
import { assumedIssue, blindPatch } from './inexact-issue.js';
import { changedColumns } from './item-columns.js';
import { issuePatch } from './issue-patch.js';
import { cascadeLabel, conflictLabel, mergeNames } from './labels.js';
import { noteOf, type LostEdit } from './lost-edits.js';
import type { ManagedBlock } from './managed-block.js';
import type { Marks } from './marks.js';
import { firstBase, mergeFields } from './merge-fields.js';
import { absorbPending, pendingWrite } from './pending-write.js';
import { personFacts } from './person-facts.js';
import { machineTicks, managedLabels, renderBlock, type ListedChild } from './render-item.js';
import { restoreEdits, type Restored } from './restore-edits.js';
import { MAX_KEPT, type KeptText, type SyncConflict, type SyncFact } from './sync-facts.js';
import { hashOf, MAX_NOTES, type PendingWrite, type SyncBase, type SyncRecord, type WriteNote } from './sync-record.js';
import { withoutTicks } from './ticks.js';
import type { WorkItemRow } from './work-item-row.js';

export interface SyncInput {
  readonly item: WorkItemRow;
  /** As read from GitHub just now. */
  readonly issue: IssueFields;
  readonly record: SyncRecord;
  /** False where the tracker does not give texts as they are stored: then only state, labels and assignees are merged. */
  readonly isExact?: boolean;
  readonly marks: Marks;
  /** The one label of all mirrored issues; `cascade` unless given. */
  readonly label?: string | undefined;
  /** For the body, where the tracker has no sub-issues. */
  readonly children?: readonly ListedChild[] | undefined;
  /** What `lostEdits` found for one delivery; forgotten together with saving `after`. */
  readonly lost?: LostEdit | undefined;
}

/**
 * What makes both sides equal. To be done in this order, each step after the one before, so that a crash between any
 * two loses nothing and says nothing twice: write `keep` as comments (found by marker, hence once each); save `before`;
 * make the changes of `patch`; then in one script, if the work item is still what was read, its `columns`, `after` and the events of
 * `facts`. Where nothing differs all but the records is empty.
 */
export interface SyncPlan {
  readonly keep: readonly KeptText[];
  readonly before: SyncRecord;
  readonly patch: IssueChanges;
  readonly columns: Readonly<Record<string, string>>;
  readonly after: SyncRecord;
  readonly facts: readonly SyncFact[];
  /** Why the sides stay different until a person does something. */
  readonly conflict: SyncConflict | undefined;
}

/** Pure, and a fixpoint: planning again after a plan was done changes nothing. */
export function planSync(input: SyncInput): SyncPlan {
  const { item, record, marks } = input;
  const issue = input.isExact === false ? assumedIssue(input.issue, item, record) : input.issue;
  const label = input.label ?? cascadeLabel;
  const body = parseBody(issue.body, item.key, marks, [record.pending?.base.block, record.base?.block]);
  const seen = fieldsOfIssue(issue, body, label);
  const block = renderBlock(item, input.children);
  const machine = { items: block.items, ticks: machineTicks(item, block) };
  const base = absorbPending(record, seen) ?? firstBase(item, machine, seen);
  const restored = restoreEdits(seen, body, base, input.lost);
  const merged = mergeFields(base, item, machine, restored.issue, restored.ticks);
  const written = writtenBody(body, restored, block, merged.ticks, input);
  const keep = keptTexts(input, body, restored, written);
  const labels = keep.length === 0 ? merged.labels : mergeNames([], merged.labels, [conflictLabel]);
  const fields: CanonicalFields = { ...merged, labels, people: restored.issue.people };
  const whole = issuePatch(issue, seen, fields, managedLabels(item, label), label, written.body);
  const patch = input.isExact === false ? blindPatch(whole, input.issue, issue) : whole;
  const after: SyncBase = { ...merged, labels, block: written.block ?? base.block };
  const note = noteOf(issue, body, patch, restored.people, merged.ticks);
  return { keep, patch, columns: changedColumns(item, fields), facts: personFacts(base, item, restored, fields, keep), conflict: written.conflict, ...records(record, base, pendingWrite(patch, seen, after), patch, note) };
}

interface WrittenBody {
  /** undefined: stays as it is. */
  readonly body: string | undefined;
  readonly block: string | undefined;
  readonly conflict: SyncConflict | undefined;
}

function writtenBody(body: ParsedBody, restored: Restored, block: ManagedBlock, ticked: readonly string[], { item, marks }: SyncInput): WrittenBody {
  try {
    const composed = composeBody(restored.people, block, ticked, item.key, marks);
    const isSame = body.hasMarker && body.block?.isMarked === true && body.block.isIntact && body.block.text === composed.block && restored.issue.people === peopleText(body);
    return { body: isSame ? undefined : composed.body, block: composed.block, conflict: undefined };
  } catch (error) {
    if (!isCascadeError(error) || error.code !== 'CASC_GITHUB_BODY_TOO_LONG') throw error;
    return { body: undefined, block: undefined, conflict: { code: error.code, message: error.message } };
  }
}

/** People's texts that the body to be written has no place for: what was written into our block, what cannot go back. */
function keptTexts({ item, lost }: SyncInput, body: ParsedBody, restored: Restored, written: WrittenBody): KeptText[] {
  const blocks = [written.body === undefined ? undefined : body.block, lost?.body?.parsed.block];
  const rewritten = blocks.flatMap((block) => (block === undefined || block.isIntact || (written.block !== undefined && withoutTicks(block.text) === withoutTicks(written.block)) ? [] : [block.text]));
  return [...[...new Set(rewritten)].flatMap((text) => kept(item.key, 'managed-block', text)), ...restored.displaced.flatMap((text) => kept(item.key, 'free-text', text))];
}

/** In parts that fit into a comment each. */
function kept(key: string, where: KeptText['where'], text: string): KeptText[] {
  const parts: string[] = [];
  for (let rest = text; rest !== '';) {
    const lineEnd = rest.length <= MAX_KEPT ? rest.length : rest.lastIndexOf('\n', MAX_KEPT) + 1;
    const part = lineEnd > 0 ? rest.slice(0, lineEnd) : cut(rest, MAX_KEPT);
    parts.push(part);
    rest = rest.slice(part.length);
  }
  return parts.map((part, index) => ({ id: `kept:${hashOf(`${key}\n${where}\n${index}\n${part}`)}`, where, text: part }));
}

function records(record: SyncRecord, base: SyncBase, pending: PendingWrite, patch: IssueChanges, note: WriteNote | undefined): Pick<SyncPlan, 'before' | 'after'> {
  const notes = (note === undefined ? record.notes : [note, ...record.notes]).slice(0, MAX_NOTES);
  return { before: Object.keys(patch).length === 0 ? record : { v: 1, base, pending, notes }, after: { v: 1, base: pending.base, notes } };
}
