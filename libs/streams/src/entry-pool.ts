import type { EntryOutcome } from '@cascade/telemetry';
import type { Delivery } from './stream-entry.js';

/**
 * Handles one entry: it is acknowledged then, however it ended, unless it was `left`, because this instance stops: then
 * another one has to take it at once. A rejection leaves it pending until its claim runs out.
 */
export type Handle = (delivery: Delivery) => Promise<EntryOutcome>;

/** Streams whose entries share slots and a way to be handled. */
export interface EntryPool {
  /** Streams lane by lane, from the highest; each lane has the same number of streams. */
  readonly lanes: readonly (readonly string[])[];
  /** The lane whose streams and groups always exist; the others come into being with their first entry. */
  readonly usualLane: number;
  /** Entries that are handled at the same time. */
  readonly slots: number;
  readonly handle: Handle;
}

export const streamsOf = (pools: readonly EntryPool[]): string[] => pools.flatMap(({ lanes }) => lanes.flat());

/** Streams that every service makes when it starts. */
export const usualStreamsOf = (pools: readonly EntryPool[]): string[] => pools.flatMap(({ lanes, usualLane }) => lanes[usualLane]!);
