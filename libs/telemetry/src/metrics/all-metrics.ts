import type { Family, LabelSets } from './family.js';
import { githubMetrics, webhookMetrics } from './github-metrics.js';
import { modelMetrics } from './model-metrics.js';
import { runMetrics } from './run-metrics.js';
import { streamMetrics } from './stream-metrics.js';
import { supervisorMetrics } from './supervisor-metrics.js';
import { docsMetrics, gitMetrics, sandboxMetrics } from './work-metrics.js';

export type AnyMetric = Family<LabelSets, unknown> & { readonly buckets?: readonly number[] };

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
  group('Streams', 'The transport counts in every service. A stream\'s name ends with its lane unless that is the usual one.', streamMetrics),
  group('Cascades', 'The supervisor that cleans up after a cascade counts it, once; `cascade_runs_open` and `cascade_run_deadline_burn_ratio` every supervisor reads from Redis.', runMetrics),
  group('Models', 'Services that ask a model count; labels are those of [OpenTelemetry\'s conventions](https://github.com/open-telemetry/semantic-conventions-genai). `gen_ai_provider_name` is `openai` for every endpoint that speaks its protocol, and `recording` where answers are replayed.', modelMetrics),
  group('Sandbox', 'agent-30-execution and git-worker.', sandboxMetrics),
  group('git', 'git-worker.', gitMetrics),
  group('Documentation graph', 'docs-indexer.', docsMetrics),
  group('GitHub', 'github-sync, and who else asks GitHub; `cascade_github_queue` is read from Redis by every github-sync: take the maximum over its processes.', githubMetrics),
  group('github-webhook', 'Each process of it.', webhookMetrics),
];
