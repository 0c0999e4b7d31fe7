import { counter } from './counter.js';
import { gauge } from './gauge.js';
import { histogram } from './histogram.js';
import { oneOf } from './label-values.js';
import { partition } from './names.js';

const outcome = oneOf('completed', 'failed', 'timed_out', 'cancelled');
/** The last tier that a cascade reached; `none` when it ended before the first. */
const tier = oneOf('stories', 'specs', 'programs', 'execution', 'none');

/** Counted by the supervisor that cleans up after a cascade, once for each; the gauges are read from Redis. */
export const runMetrics = {
  ended: counter({ name: 'cascade_runs_ended_total', help: 'Cascades that ended, by how and in which tier.', labels: { outcome, tier } }),
  seconds: histogram({ name: 'cascade_run_seconds', help: 'Time from a cascade\'s request to its end.', labels: { outcome }, buckets: [10, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 86_400] }),
  tierSeconds: histogram({ name: 'cascade_run_tier_seconds', help: 'Time that a cascade spent in a tier, waiting included.', labels: { tier }, buckets: [1, 5, 15, 30, 60, 120, 300, 600, 1_200, 3_600, 14_400] }),
  deadlineUsed: histogram({ name: 'cascade_run_deadline_used_ratio', help: 'Part of its time that a cascade had used at its end.', labels: { outcome }, buckets: [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1] }),
  spent: counter({ name: 'cascade_run_spend_usd_total', help: 'What ended cascades cost, by the configured prices.', labels: { outcome } }),
  open: gauge({ name: 'cascade_runs_open', help: 'Cascades that run or wait for a person, of the 1000 whose deadlines are nearest.', labels: { partition, state: oneOf('running', 'waiting'), tier } }),
  deadlineBurn: gauge({ name: 'cascade_run_deadline_burn_ratio', help: 'The largest part of its time that an open cascade has used.', labels: { partition } }),
};
export type RunTier = 'stories' | 'specs' | 'programs' | 'execution' | 'none';
