import type { Family, LabelSets } from './family.js';
import { supervisorMetrics } from './supervisor-metrics.js';

export type AnyMetric = Family<LabelSets, unknown>;

/** Metrics that the same code counts. */
export interface MetricGroup {
  readonly title: string;
  /** Who counts, and when. */
  readonly about: string;
  readonly metrics: readonly AnyMetric[];
}

const group = (title: string, about: string, metrics: object): MetricGroup => ({ title, about, metrics: Object.values(metrics) as AnyMetric[] });

/** Everything that Cascade counts by itself. */
export const metricGroups: readonly MetricGroup[] = [
  group('What waits', 'Every supervisor reads these from Redis when it is asked, so all of them give the same numbers: take the maximum over supervisors, then add up partitions. While Redis is away they are left out. `cascade lag` prints them for people.', supervisorMetrics),
];
