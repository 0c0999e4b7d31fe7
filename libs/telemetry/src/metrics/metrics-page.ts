import { metricGroups, type AnyMetric, type MetricGroup } from './all-metrics.js';

/** The page docs/metrics.md. */
export function renderMetricsPage(): string {
  return `# Metrics

<!-- Written by npm run docs. -->

With \`CASCADE_HEALTH_PORT\` every process answers there: \`GET /metrics\` in Prometheus' text format, \`GET /live\` and \`GET /ready\` for probes. A metric is printed once the process has something to count. Names have their unit; a \`counter\` only grows and begins at 0 in every new process, so look at \`rate\` or \`increase\` of it, added up over processes. Labels have listed values, or names of our own code and configuration, of which a bounded number is told apart (\`other\` beyond it); never an id. Beside these each process tells of itself: \`process_cpu_seconds_total\`, \`process_resident_memory_bytes\`, \`nodejs_eventloop_lag_p99_seconds\` and a few more.

${metricGroups.map(section).join('\n\n')}
`;
}

function section({ title, about, metrics }: MetricGroup): string {
  return `## ${title}

${about}

| metric | kind | labels | |
|---|---|---|---|
${metrics.map(row).join('\n')}`;
}

function row({ name, type, labelSets, help }: AnyMetric): string {
  const labels = Object.entries(labelSets).map(([label, { what }]) => `\`${label}\`: ${what}`);
  return `| \`${name}\` | ${type} | ${labels.join('; ')} | ${help} |`;
}
