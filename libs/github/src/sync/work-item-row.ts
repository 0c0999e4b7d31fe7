import { parseWorkItemKey, type WorkItemKey } from '@cascade/contracts';
import { terminal } from '@cascade/messages';
import { z } from 'zod';
import { canonicalNames, MAX_LABELS } from './labels.js';

const name = z.string().max(200);
const names = z.array(name).max(MAX_LABELS);

/** A work item as it lies in Redis, and the columns that people change on GitHub. */
export interface WorkItemRow {
  readonly key: string;
  readonly parts: WorkItemKey;
  readonly title: string;
  readonly status: string;
  readonly documentPath: string;
  readonly document: unknown;
  readonly columns: Readonly<Record<string, string>>;
  /** undefined: nobody has said anything here, so what was synced last holds. */
  readonly labels: readonly string[] | undefined;
  readonly assignees: readonly string[] | undefined;
  readonly milestone: number | 'none' | undefined;
  /** Ids of ticked items. */
  readonly ticks: readonly string[] | undefined;
}

/** Throws CASC_GITHUB_WORK_ITEM_INVALID when the key is none or the hash has no title and status. */
export function readWorkItem(key: string, hash: Readonly<Record<string, string>>): WorkItemRow {
  const parts = parseWorkItemKey(key);
  const { title, status } = hash;
  if (parts === undefined || title === undefined || status === undefined) {
    throw terminal('CASC_GITHUB_WORK_ITEM_INVALID', `${JSON.stringify(key.slice(0, 200))} is not a work item that can be mirrored: it has no valid key, no title or no status.`);
  }
  const list = (column: string): string[] | undefined => {
    const parsed = names.safeParse(json(hash[column]));
    return parsed.success ? canonicalNames(parsed.data) : undefined;
  };
  return {
    key, parts, title, status, documentPath: hash['document_path'] ?? '', document: json(hash['document']), columns: hash,
    labels: list('labels'), assignees: list('assignees'), milestone: milestone(hash['milestone']), ticks: list('ticks'),
  };
}

function milestone(text: string | undefined): WorkItemRow['milestone'] {
  if (text === '') return 'none';
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

function json(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // read as absent
  }
}
