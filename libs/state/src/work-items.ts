import { parseWorkItemKey, redisKeys, type WorkItemKey } from '@cascade/contracts';
import type { Redis } from 'ioredis';
import { readColumns } from './read-columns.js';

/** Most work items that are listed of one cascade: some for each of its stories and tasks. */
export const MAX_CASCADE_ITEMS = 1_000;
/** What is not shown among the columns: they have names of their own, or are the parts of the key. */
const own = new Set(['kind', 'title', 'status', 'document_path', 'document', 'cascade_id', 'datetime_utc_row_last_modified']);

/** A work item as it lies in Redis. */
export interface WorkItemRow {
  readonly key: string;
  readonly kind: WorkItemKey['kind'];
  readonly title: string;
  readonly status: string;
  readonly documentPath: string;
  readonly cascadeId: string;
  /** RFC 3339. */
  readonly modifiedAt: string;
  /** All others, e.g. `risk_score`. */
  readonly columns: Readonly<Record<string, string>>;
}

export interface WorkItemPage {
  readonly items: readonly WorkItemRow[];
  /** Where the next page begins; undefined after the last one. */
  readonly next: ScanPlace | undefined;
}

/** A place in all partitions' lists. */
export interface ScanPlace {
  readonly partition: number;
  readonly cursor: string;
}

/** Some columns of a cascade's work items, by key, in the order in which these were saved: documents are long, and most views show none. */
export async function workItemColumns<Name extends string>(redis: Redis, cascadeId: string, names: readonly Name[]): Promise<{ readonly key: string; readonly columns: Readonly<Partial<Record<Name, string>>> }[]> {
  const keys = await redis.zrange(redisKeys.items(cascadeId), '0', String(MAX_CASCADE_ITEMS - 1));
  const rows = await readColumns(redis, keys, names);
  return keys.map((key, index) => ({ key, columns: rows[index]! }));
}

/** Reads work items. They are written only through outcomes. */
export class WorkItems {
  /** Connections to all partitions, in their order. */
  constructor(private readonly partitions: readonly Redis[]) {}

  /** Those of one cascade, in the order in which they were saved; without their documents. */
  async ofCascade(redis: Redis, cascadeId: string): Promise<WorkItemRow[]> {
    return rows(redis, await redis.zrange(redisKeys.items(cascadeId), '0', String(MAX_CASCADE_ITEMS - 1)));
  }

  /** With its document; a key's repository is a name, so its partition is not known. Undefined when there is none. */
  async find(key: string): Promise<(WorkItemRow & { readonly document: unknown }) | undefined> {
    if (parseWorkItemKey(key) === undefined) return undefined;
    const hashes = await Promise.all(this.partitions.map((redis) => redis.hgetall(key)));
    const hash = hashes.find((one) => one['kind'] !== undefined);
    return hash === undefined ? undefined : { ...rowOf(key, hash)!, document: documentOf(hash['document']) };
  }

  /** A page of all of them, about `limit`, in no order; one that is saved meanwhile may be missed. */
  async scan(limit: number, wanted: (key: WorkItemKey) => boolean, from: ScanPlace = { partition: 0, cursor: '0' }): Promise<WorkItemPage> {
    const redis = this.partitions[from.partition];
    if (redis === undefined) return { items: [], next: undefined };
    const [cursor, keys] = await redis.sscan(redisKeys.workItems, from.cursor, 'COUNT', limit);
    const isWanted = (key: string): boolean => {
      const parts = parseWorkItemKey(key);
      return parts !== undefined && wanted(parts);
    };
    const next = cursor !== '0' ? { partition: from.partition, cursor } : from.partition + 1 < this.partitions.length ? { partition: from.partition + 1, cursor: '0' } : undefined;
    return { items: await rows(redis, [...new Set(keys)].filter(isWanted)), next };
  }
}

async function rows(redis: Redis, keys: readonly string[]): Promise<WorkItemRow[]> {
  const hashes = await Promise.all(keys.map((key) => redis.hgetall(key)));
  return keys.flatMap((key, index) => rowOf(key, hashes[index]!) ?? []);
}

/** Undefined for what is no work item: it was removed, or something else wrote the key. */
function rowOf(key: string, hash: Readonly<Record<string, string>>): WorkItemRow | undefined {
  const kind = parseWorkItemKey(key)?.kind;
  if (kind === undefined || hash['kind'] === undefined) return undefined;
  return {
    key, kind, title: hash['title'] ?? '', status: hash['status'] ?? '', documentPath: hash['document_path'] ?? '', cascadeId: hash['cascade_id'] ?? '',
    modifiedAt: hash['datetime_utc_row_last_modified'] ?? '', columns: Object.fromEntries(Object.entries(hash).filter(([name]) => !own.has(name))),
  };
}

function documentOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null; // written by something else
  }
}
