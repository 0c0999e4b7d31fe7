import { counter } from './counter.js';
import { histogram } from './histogram.js';
import { oneOf } from './label-values.js';
import { service, stream } from './names.js';

/** How the handling of an entry ended. */
export const entryOutcomes = [
  /** Its result was committed; a command's reply may be an error. */
  'done',
  /** It failed, and comes again. */
  'retried',
  'dead_lettered',
  /** Its cascade failed by it. */
  'failed',
  /** It waits for a person. */
  'waiting',
  'cancelled',
  /** Another worker was faster, or its cascade had ended: nothing of it counted. */
  'dropped',
  /** Given back, because the process stops. */
  'left',
] as const;
export type EntryOutcome = (typeof entryOutcomes)[number];

const ofGroup = { stream, group: service };
/** From a hand-over in a millisecond to a unit of work that takes an hour. */
const buckets = [0.002, 0.01, 0.05, 0.25, 1, 5, 30, 120, 600, 3_600];

/** Counted by the transport in every service. */
export const streamMetrics = {
  published: counter({ name: 'cascade_stream_entries_published_total', help: 'Events and commands that this process added to streams.', labels: { stream } }),
  processed: counter({ name: 'cascade_stream_entries_processed_total', help: 'Handlings of entries, by how they ended.', labels: { ...ofGroup, outcome: oneOf(...entryOutcomes) } }),
  claimed: counter({ name: 'cascade_stream_entries_claimed_total', help: 'Entries that were delivered again, because whoever had them died or stood still.', labels: ofGroup }),
  wait: histogram({ name: 'cascade_stream_entry_wait_seconds', help: 'Time from an entry\'s writing to the beginning of its handling; one that comes again, from when it came again.', labels: ofGroup, buckets }),
  process: histogram({ name: 'cascade_stream_entry_process_seconds', help: 'Time of one handling, from its beginning to its commit.', labels: ofGroup, buckets }),
};
