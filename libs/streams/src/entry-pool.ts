import type { Delivery } from './stream-entry.js';

/**
 * Handles one entry: `ended` when it is acknowledged, `left` when another instance has to take it at once because this one
 * stops. A rejection leaves it pending until its claim runs out.
 */
export type Handle = (delivery: Delivery) => Promise<'ended' | 'left'>;

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
