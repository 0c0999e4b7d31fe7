import { collectDefaultMetrics } from 'prom-client';
import { registry } from '../registry.js';

/** Of prom-client's own those that say something, and whose names Prometheus' linter accepts. */
const wanted: ReadonlySet<string> = new Set([
  'process_cpu_seconds_total', 'process_start_time_seconds', 'process_resident_memory_bytes', 'process_open_fds', 'process_max_fds',
  'nodejs_eventloop_lag_p99_seconds', 'nodejs_heap_size_used_bytes', 'nodejs_external_memory_bytes', 'nodejs_gc_duration_seconds', 'nodejs_version_info',
]);

let isCollecting = false;

/** From now on this process also tells of itself: processor time, memory, the event loop. */
export function collectProcessMetrics(): void {
  if (isCollecting) return;
  isCollecting = true;
  collectDefaultMetrics({ register: registry });
  for (const { name } of registry.getMetricsAsArray()) if (/^(process|nodejs)_/.test(name) && !wanted.has(name)) registry.removeSingleMetric(name);
}
