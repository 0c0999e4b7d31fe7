import { Injectable } from '@nestjs/common';
import { deriveEventId, redisKeys, workItemChanged, workItemEdited } from '@cascade/contracts';
import { fullNameOf, readWorkItem, type Issue, type IssueAddress, type SyncFact, type SyncPlan, type SyncRecord, type WorkItemRow } from '@cascade/github';
import { redisTime } from '@cascade/streams';
import { Redis } from 'ioredis';
import { memberOf } from '../queue/matters.js';
import { eventWrite, hashWrites, LeaderWrites, type Hand, type LeaderWrite } from '../state/leader-writes.js';
import { parseItemRecord, type ItemRecord } from './item-record.js';
import { factText } from './fact-text.js';

/** A work item that did not complete because its cascade did not: what its issue says of it. The work item keeps its own status. */
export const ABANDONED = 'Cancelled';

/** As long as `work_item.changed` takes. */
const MAX_STATUS = 60;

export interface StoredItem {
  readonly key: string;
  /** As its issue shall say it. */
  readonly row: WorkItemRow;
  readonly record: ItemRecord;
}

/** Work items and what is known of their issues, in Redis. */
@Injectable()
export class ItemStore {
  constructor(private readonly redis: Redis, private readonly writes: LeaderWrites) {}

  /** undefined when there is no such work item. Throws `CASC_GITHUB_WORK_ITEM_INVALID` and what reading its record throws. */
  async read(key: string): Promise<StoredItem | undefined> {
    const [hash, known] = await Promise.all([this.redis.hgetall(key), this.redis.hgetall(redisKeys.githubItem(key))]);
    if (Object.keys(hash).length === 0) return undefined;
    const row = readWorkItem(key, hash);
    const read = parseItemRecord(known);
    const record = read.cascadeId === '' ? { ...read, cascadeId: hash['cascade_id'] ?? '' } : read;
    return { key, record, row: record.ending !== undefined && row.status !== 'Done' ? { ...row, status: ABANDONED } : row };
  }

  /** Work items of a cascade that were told of, in the order of their names. */
  async ofCascade(cascadeId: string): Promise<string[]> {
    const prefix = redisKeys.githubItem('');
    return (await this.redis.smembers(redisKeys.githubItems(cascadeId))).map((key) => key.slice(prefix.length)).sort();
  }

  async save(hand: Hand, key: string, fields: Readonly<Record<string, string | number | undefined>>): Promise<void> {
    await this.writes.write(hand, hashWrites(redisKeys.githubItem(key), fields));
  }

  /** GitHub does not show the issue any more; nobody misses it again until it does. */
  async lose(hand: Hand, { key, record: { issue } }: StoredItem): Promise<void> {
    await this.writes.write(hand, [
      ...hashWrites(redisKeys.githubItem(key), { gone: '1', etag: undefined, seen: undefined }),
      ...numberWrites(issue, undefined),
    ]);
  }

  /** From now on the work item has this issue. */
  async map(hand: Hand, stored: StoredItem, issue: Issue, sync: SyncRecord): Promise<void> {
    const { key, record } = stored;
    const at = await redisTime(this.redis);
    await this.writes.write(hand, [
      ...hashWrites(redisKeys.githubItem(key), { cascade_id: record.cascadeId, ...addressFields(issue), sync: JSON.stringify(sync), outbox: undefined, gone: undefined, etag: undefined, seen: undefined }),
      { operation: 'SET', key: redisKeys.githubIssue(issue.nodeId), args: [key] },
      ...sweptWrites(issue, at),
      ...numberWrites(issue, key),
      ...columnWrites(stored, issueColumns(issue), `map:${issue.nodeId}`, at),
    ]);
  }

  /** The issue was moved: it keeps its node, and gets another address. */
  async move(hand: Hand, stored: StoredItem, issue: Issue): Promise<void> {
    const { key, record } = stored;
    const at = await redisTime(this.redis);
    await this.writes.write(hand, [
      ...numberWrites(record.issue, undefined),
      ...numberWrites(issue, key),
      ...hashWrites(redisKeys.githubItem(key), { ...addressFields(issue), etag: undefined, seen: undefined }),
      { operation: 'SET', key: redisKeys.githubIssue(issue.nodeId), args: [key] },
      ...sweptWrites(issue, at),
      ...columnWrites(stored, issueColumns(issue), `move:${issue.url}`, at),
    ]);
  }

  /** Both sides are the same now. False, and nothing written, when the work item was saved meanwhile. */
  async commit(hand: Hand, stored: StoredItem, plan: Pick<SyncPlan, 'columns' | 'after' | 'facts' | 'conflict'>, known: { readonly etag: string | undefined; readonly seen: string; readonly edits: readonly string[] }): Promise<boolean> {
    const { key, row, record } = stored;
    const at = await redisTime(this.redis);
    const reason = `sync:${key}:${at}`;
    const watched = ['datetime_utc_row_last_modified', 'status', 'title', ...Object.keys(plan.columns)];
    return this.writes.write(hand, [
      ...hashWrites(redisKeys.githubItem(key), {
        sync: JSON.stringify(plan.after), gone: undefined, etag: known.etag, seen: known.seen, conflict: plan.conflict === undefined ? undefined : JSON.stringify(plan.conflict),
        ...Object.fromEntries(known.edits.map((field) => [field, undefined])),
      }),
      ...columnWrites(stored, plan.columns, reason, at),
      ...(record.isGone ? numberWrites(record.issue, key) : []),
      ...(known.edits.length === record.edits.length ? [] : [{ operation: 'DUE', key: redisKeys.githubDirty, args: [memberOf({ kind: 'item', key })] } as const]),
      ...(plan.facts.length === 0 ? [] : [editedWrite(key, record.cascadeId, plan.facts, reason, at)]),
    ], { key, fields: Object.fromEntries(watched.map((field) => [field, row.columns[field] ?? ''])) });
  }

}

/** The work item of an issue by its number; undefined: nobody misses it. */
function numberWrites(issue: IssueAddress | undefined, key: string | undefined): LeaderWrite[] {
  return issue === undefined ? [] : hashWrites(redisKeys.githubNumbers(fullNameOf(issue.repository)), { [issue.number]: key });
}

/** From now on, if not before, its repository is swept. */
function sweptWrites({ repository }: IssueAddress, at: number): LeaderWrite[] {
  const name = fullNameOf(repository);
  return [
    { operation: 'SADD', key: redisKeys.githubMirrored, args: [name] },
    { operation: 'HSETNX', key: redisKeys.githubSweep(name), args: ['begun', new Date(at).toISOString()] },
  ];
}

function columnWrites({ key, row, record }: StoredItem, columns: Readonly<Record<string, string>>, reason: string, at: number): LeaderWrite[] {
  if (Object.keys(columns).length === 0) return [];
  return [
    ...hashWrites(key, { ...columns, datetime_utc_row_last_modified: new Date(at).toISOString() }),
    eventWrite(workItemChanged, { key, status: (row.columns['status'] ?? '').slice(0, MAX_STATUS) }, { id: deriveEventId(reason, at, workItemChanged.type), cascadeId: record.cascadeId, subject: key, at }),
  ];
}

const addressFields = (issue: Issue): Record<string, string | number> =>
  ({ owner: issue.repository.owner, repo: issue.repository.name, number: issue.number, id: issue.id, node_id: issue.nodeId, url: issue.url });

/** Public columns of the work item (docs/keys.md). */
const issueColumns = (issue: Issue): Record<string, string> =>
  ({ github_repository: fullNameOf(issue.repository), github_number: String(issue.number), github_node_id: issue.nodeId, github_url: issue.url });

const editedWrite = (key: string, cascadeId: string, facts: readonly SyncFact[], reason: string, at: number): LeaderWrite =>
  eventWrite(workItemEdited, { key, changes: facts.map((fact) => ({ kind: fact.kind, text: factText(fact) })) }, { id: deriveEventId(reason, at, workItemEdited.type), cascadeId, subject: key, at });
