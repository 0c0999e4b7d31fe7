import { parseSyncRecord, type EditSeen, type IssueAddress, type SyncRecord } from '@cascade/github';
import { z } from 'zod';

/** How a cascade ended that did not complete: its open issues are closed as not planned. */
export const badEndings = ['failed', 'timed_out', 'cancelled'] as const;
export type BadEnding = (typeof badEndings)[number];

const number = z.coerce.number().int().positive();
const stored = z.object({
  cascade_id: z.string().optional(),
  owner: z.string().optional(),
  repo: z.string().optional(),
  number: number.optional(),
  /** 0 where the tracker does not tell it. */
  id: z.coerce.number().int().min(0).optional(),
  node_id: z.string().optional(),
  url: z.string().optional(),
  etag: z.string().optional(),
  seen: z.string().optional(),
  parent: z.string().optional(),
  outbox: number.optional(),
  gone: z.string().optional(),
  ending: z.enum(badEndings).optional(),
  sync: z.string().optional(),
});

/** The prefix of fields that hold edits which webhooks told of and that our own writes replaced. */
export const EDIT_FIELD = 'edit:';
const edit = z.object({ isOurs: z.boolean(), title: z.object({ from: z.string(), now: z.string() }).optional(), body: z.object({ from: z.string(), now: z.string() }).optional() });

/** An issue that a work item has. */
export interface Mapped extends IssueAddress {
  readonly id: number;
  readonly nodeId: string;
}

/** What `github:item:<work item>` holds. */
export interface ItemRecord {
  readonly cascadeId: string;
  readonly issue: Mapped | undefined;
  readonly etag: string | undefined;
  /** Hash of the work item and of what else decided, when both sides were the same last. */
  readonly seen: string | undefined;
  /** Node id of the issue that it was added to as a sub-issue. */
  readonly parent: string | undefined;
  /** When an issue was asked for of which nobody knows whether it came to be, in Unix milliseconds. */
  readonly outbox: number | undefined;
  /** GitHub does not show the issue: deleted, converted, or hidden from these credentials. */
  readonly isGone: boolean;
  readonly ending: BadEnding | undefined;
  readonly sync: SyncRecord;
  readonly edits: readonly { readonly field: string; readonly seen: EditSeen }[];
}

/** Throws what `parseSyncRecord` throws; ZodError when something else wrote the key. */
export function parseItemRecord(hash: Readonly<Record<string, string>>): ItemRecord {
  const { cascade_id: cascadeId = '', owner, repo, number: issueNumber, id, node_id: nodeId, etag, seen, parent, outbox, gone, ending, sync } = stored.parse(hash);
  const issue = owner === undefined || repo === undefined || issueNumber === undefined || id === undefined || nodeId === undefined
    ? undefined : { repository: { owner, name: repo }, number: issueNumber, id, nodeId };
  return { cascadeId, issue, etag, seen, parent, outbox, isGone: gone !== undefined, ending, sync: parseSyncRecord(sync), edits: editsOf(hash) };
}

function editsOf(hash: Readonly<Record<string, string>>): ItemRecord['edits'] {
  return Object.entries(hash).flatMap(([field, text]) => (field.startsWith(EDIT_FIELD) ? [{ field, seen: edit.parse(JSON.parse(text)) }] : []));
}
