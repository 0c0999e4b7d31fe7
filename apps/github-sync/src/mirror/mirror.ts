import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { parseWorkItemKey, retryable } from '@cascade/contracts';
import { lostEdits, planSync, type Issue, type IssueTracker, type ListedChild, type LostEdit, type SyncPlan } from '@cascade/github';
import { githubMetrics } from '@cascade/telemetry';
import { Comments } from '../comments.js';
import type { Hand } from '../state/leader-writes.js';
import { SyncSettings } from '../sync-settings.js';
import { TRACKER } from '../tracker-provider.js';
import { IssueMaker } from './issue-maker.js';
import type { Mapped } from './item-record.js';
import { ABANDONED, ItemStore, type StoredItem } from './item-store.js';
import { ParentLinks } from './parent-links.js';

/** Times that a work item may be saved by a tier while it is synced, until it is left for a moment. */
const MAX_RERUNS = 3;
/** Moves that are followed at once. */
const MAX_MOVES = 3;

/** Makes a work item and its issue the same: reads both, merges field by field, and writes what differs, on either side. */
@Injectable()
export class Mirror {
  constructor(
    private readonly items: ItemStore,
    private readonly maker: IssueMaker,
    private readonly parents: ParentLinks,
    private readonly comments: Comments,
    private readonly settings: SyncSettings,
    @Inject(TRACKER) private readonly tracker: IssueTracker,
  ) {}

  async reconcile(hand: Hand, key: string): Promise<void> {
    const made = await this.maker.ensure(hand, key);
    if (made === undefined) return;
    await this.parents.ensure(hand, key, made);
    let known = made.issue;
    for (let run = 0; run < MAX_RERUNS; run += 1) {
      const stored = await this.items.read(key);
      if (stored?.record.issue === undefined) return;
      if (await this.sync(hand, stored, stored.record.issue, known)) return;
      known = undefined; // our own write is in it by now
    }
    throw retryable('CASC_GITHUB_WORK_ITEM_BUSY', `${key} was saved ${MAX_RERUNS} times while it was synced.`);
  }

  /** False when the work item was saved meanwhile. */
  private async sync(hand: Hand, stored: StoredItem, mapped: Mapped, known: Issue | undefined): Promise<boolean> {
    const children = await this.childrenOf(stored);
    const isSynced = stored.record.seen === digest(stored, children, stored.row.columns) && stored.record.edits.length === 0 && stored.record.sync.pending === undefined;
    const look = known ?? await this.look(hand, stored, mapped, isSynced ? stored.record.etag : undefined);
    if (look === 'unchanged') return true;
    if (look === 'gone') {
      // Neither closed nor created again: GitHub does not tell a deletion from a permission that was taken away.
      await this.items.lose(hand, stored);
      return true;
    }
    return this.merge(hand, stored, look, children);
  }

  private async look(hand: Hand, stored: StoredItem, mapped: Mapped, etag: string | undefined): Promise<Issue | 'unchanged' | 'gone'> {
    let address: Pick<Mapped, 'repository' | 'number'> = mapped;
    for (let moves = 0; moves <= MAX_MOVES; moves += 1) {
      const look = await this.tracker.getIssue(address, { etag: moves === 0 ? etag : undefined, signal: hand.signal });
      if (look.kind === 'moved') {
        address = look.to;
        continue;
      }
      if (look.kind !== 'issue') return look.kind;
      if (look.issue.isPullRequest) return 'gone';
      if (moves > 0) await this.items.move(hand, stored, look.issue);
      return look.issue;
    }
    return 'gone';
  }

  private async merge(hand: Hand, stored: StoredItem, issue: Issue, children: readonly ListedChild[]): Promise<boolean> {
    const { row, record } = stored;
    const edits = this.lostIn(stored);
    const plan = planSync({ item: row, issue, record: record.sync, marks: this.settings.marks, label: this.settings.github.label, children, lost: edits.lost, isExact: this.tracker.capabilities.exact });
    for (const kept of plan.keep) await this.comments.ensure(hand, issue, kept.id, keptText(kept.text));
    const patch = withReason(plan.patch, row.status);
    const isWritten = Object.keys(patch).length > 0;
    if (plan.keep.length > 0) githubMetrics.conflicts.add({ kind: 'kept_text' }, plan.keep.length);
    if (plan.conflict !== undefined) githubMetrics.conflicts.add({ kind: 'stays_different' });
    if (isWritten) githubMetrics.drift.add({ side: 'issue' });
    if (Object.keys(plan.columns).length > 0) githubMetrics.drift.add({ side: 'work_item' });
    if (isWritten) {
      await this.items.save(hand, stored.key, { sync: JSON.stringify(plan.before) });
      await this.tracker.updateIssue(issue, patch, hand.signal);
    }
    return this.items.commit(hand, stored, plan, { etag: isWritten ? undefined : issue.etag, seen: digest(stored, children, { ...row.columns, ...plan.columns }), edits: edits.fields });
  }

  /** What webhooks said that our own writes replaced; one at a time, the others with the next look. */
  private lostIn({ key, record }: StoredItem): { readonly lost: LostEdit | undefined; readonly fields: readonly string[] } {
    const fields: string[] = [];
    for (const { field, seen } of record.edits) {
      fields.push(field);
      const lost = lostEdits(record.sync, seen, key, this.settings.marks);
      if (lost !== undefined) return { lost, fields };
    }
    return { lost: undefined, fields };
  }

  /** Stories of an epic, for its body, where the tracker has no sub-issues. */
  private async childrenOf({ row, record }: StoredItem): Promise<ListedChild[]> {
    if (this.tracker.capabilities.subIssues || row.parts.kind !== 'epic') return [];
    const children = await Promise.all((await this.items.ofCascade(record.cascadeId)).filter((key) => parseWorkItemKey(key)?.kind === 'story').map((key) => this.items.read(key)));
    return children.flatMap((child) => (child?.row.parts.kind === 'story' ? [{ id: child.row.parts.storyId, title: child.row.title, number: child.record.issue?.number }] : []));
  }
}

/** What of our side decides: while it is the same, an unchanged issue needs no second look. */
function digest({ row }: StoredItem, children: readonly ListedChild[], { datetime_utc_row_last_modified: _at, ...columns }: Readonly<Record<string, string>>): string {
  return createHash('sha256').update(JSON.stringify([row.status, Object.entries(columns).sort(([a], [b]) => (a < b ? -1 : 1)), children])).digest('hex').slice(0, 32);
}

/** The work of a cascade that came to nothing was not completed. */
const withReason = (patch: SyncPlan['patch'], status: string): SyncPlan['patch'] => (patch.state === 'closed' && status === ABANDONED ? { ...patch, stateReason: 'not_planned' } : patch);

const keptText = (text: string): string => `This text stood where Cascade writes, or was overwritten while somebody edited it. It is kept here:\n\n${text.split('\n').map((line) => `> ${line}`).join('\n')}`;
