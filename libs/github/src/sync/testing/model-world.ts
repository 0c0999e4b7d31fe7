import type { IssueChanges, IssueFields } from '../../tracker/issue-tracker.js';
import type { EditSeen } from '../lost-edits.js';
import { applyChanges } from './apply-changes.js';

export interface ModelDelivery {
  readonly id: number;
  readonly edit: EditSeen;
}

type Writable = { -readonly [K in keyof IssueFields]: IssueFields[K] };

/** GitHub with one issue: what people and Cascade see of it, and the deliveries on their way. */
export class ModelGithub {
  /** More than one would be a doubled issue. */
  readonly issues: Writable[] = [];
  readonly comments = new Map<string, string>();
  queue: ModelDelivery[] = [];
  /** Deliveries that failed; a sweep has them delivered again. */
  failed: ModelDelivery[] = [];
  patches = 0;
  /** Requests that put labels or people on or took them off. */
  namings = 0;
  #deliveries = 0;

  get issue(): Writable {
    return this.issues[0]!;
  }

  create(fields: Pick<IssueFields, 'title' | 'body' | 'labels' | 'assignees' | 'milestone'>): void {
    this.issues.push({ ...fields, state: 'open' });
    this.#tell({ isOurs: true });
  }

  /** One request of Cascade's: the fields, or the names of one set. */
  change(changes: IssueChanges): void {
    const isNaming = changes.labels !== undefined || changes.assignees !== undefined;
    const { labels, assignees } = applyChanges(this.issue, changes);
    this.patch(isNaming ? { labels, assignees } : changes as Partial<IssueFields>, true);
    if (isNaming) this.namings += 1;
    else this.patches += 1;
  }

  patch(changes: Partial<IssueFields>, isOurs: boolean): void {
    const before = { ...this.issue };
    Object.assign(this.issue, changes);
    const now = this.issue;
    this.#tell({
      isOurs,
      ...(before.title === now.title ? {} : { title: { from: before.title, now: now.title } }),
      ...(before.body === now.body ? {} : { body: { from: before.body, now: now.body } }),
    });
  }

  #tell(edit: EditSeen): void {
    this.#deliveries += 1;
    this.queue.push({ id: this.#deliveries, edit });
  }
}

/** What Redis holds of one work item and its syncing; every method is one script. */
export class ModelStore {
  row: Record<string, string>;
  record = '';
  isMapped = false;
  /** Counts up with each reason to reconcile; 0 is clean. */
  dirty = 1;
  edits: EditSeen[] = [];
  readonly facts: string[] = [];
  saves = 0;
  lostEdits = 0;
  readonly #handled = new Set<number>();
  #marks = 1;

  constructor(row: Record<string, string>) {
    this.row = row;
  }

  touch(): void {
    this.#marks += 1;
    this.dirty = this.#marks;
  }

  machine(columns: Record<string, string>): void {
    this.row = { ...this.row, ...columns };
    this.touch();
  }

  delivered(id: number, lost: EditSeen | undefined): void {
    if (this.#handled.has(id)) return;
    this.#handled.add(id);
    if (lost !== undefined) {
      this.edits.push(lost);
      this.lostEdits += 1;
    }
    this.touch();
  }

  /** The last step of a sync: all of it, or nothing when the row is no longer the one that was read. */
  finish(read: { row: Record<string, string>; dirty: number; edit: EditSeen | undefined }, columns: Readonly<Record<string, string>>, record: string, facts: readonly string[]): void {
    if (read.row !== this.row) return;
    if (Object.keys(columns).length > 0) {
      this.row = { ...this.row, ...columns };
      this.saves += 1;
    }
    this.record = record;
    this.facts.push(...facts);
    if (read.edit !== undefined) this.edits = this.edits.filter((edit) => edit !== read.edit);
    if (this.dirty === read.dirty && this.edits.length === 0) this.dirty = 0;
  }
}
