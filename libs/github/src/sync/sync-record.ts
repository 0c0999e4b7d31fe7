import { terminal } from '@cascade/messages';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { MAX_BLOCK } from './managed-block.js';

const state = z.enum(['open', 'closed']);
const names = z.array(z.string().max(200)).max(200).readonly();
const hash = z.string().regex(/^[0-9a-f]{32}$/);

/** What both sides had when they were last equal, and what Cascade's own side had said by then. */
const syncBase = z.object({
  title: z.string().max(300),
  /** The title that Cascade gave last; another one in `title` is a person's, and stays. */
  machineTitle: z.string().max(300),
  state,
  /** What the work item's status said; a person may have decided otherwise. */
  machineState: state,
  labels: names,
  assignees: names,
  milestone: z.number().int().min(0),
  ticks: names,
  machineTicks: names,
  /** The managed block as written, to find it again where its marks were cut away. */
  block: z.string().max(MAX_BLOCK),
});
export type SyncBase = z.output<typeof syncBase>;

/** What one write to GitHub was computed from and what it wrote: an edit that slipped between shows by it. */
const writeNote = z.object({
  title: z.object({ sent: z.string().max(300), fetched: z.string().max(300) }).optional(),
  body: z.object({
    sent: hash, fetched: hash, fetchedTicks: names, sentTicks: names,
    /** People's part, where the write left it as it was read: only then may another version take its place. */
    people: hash.optional(),
  }).optional(),
});
export type WriteNote = z.output<typeof writeNote>;

/** Writes that are remembered: their webhooks arrive within seconds, or with a redelivery. */
export const MAX_NOTES = 8;

/** All that syncing remembers of a work item, kept beside its mapping. */
const syncRecord = z.object({
  v: z.literal(1),
  base: syncBase.optional(),
  /** A write that was begun and whose end is not known: what it changed, and what the base is if it arrived. */
  pending: z.object({ fields: z.array(z.enum(['title', 'state', 'milestone'])).max(3), labels: names, assignees: names, ticks: names, base: syncBase }).optional(),
  notes: z.array(writeNote).max(MAX_NOTES).readonly(),
});
export type SyncRecord = z.output<typeof syncRecord>;

export type PendingWrite = NonNullable<SyncRecord['pending']>;

export const noRecord: SyncRecord = { v: 1, notes: [] };

/** Throws CASC_GITHUB_RECORD_INVALID. */
export function parseSyncRecord(text: string | undefined): SyncRecord {
  if (text === undefined || text === '') return noRecord;
  const parsed = syncRecord.safeParse(json(text));
  if (!parsed.success) throw terminal('CASC_GITHUB_RECORD_INVALID', `What was last synced of a work item cannot be read: ${z.prettifyError(parsed.error)}`, { advice: 'Remove the field; the next sync then merges without it, and a person\'s values win.' });
  return parsed.data;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
