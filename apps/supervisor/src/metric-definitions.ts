/** A gauge of GET /metrics. Units are in the names; labels are of bounded number: streams, groups and services, never ids. */
export interface MetricDefinition {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly ('stream' | 'group' | 'service')[];
}

const ofGroup = ['stream', 'group'] as const;

export const metricDefinitions = {
  length: { name: 'cascade_stream_length', help: 'Entries of a stream, acknowledged ones too until they are trimmed.', labels: ['stream'] },
  lag: { name: 'cascade_stream_group_lag', help: 'Entries that a group was not given yet; counted to 1000 at most where Redis does not know.', labels: ofGroup },
  pending: { name: 'cascade_stream_group_pending', help: 'Entries that a consumer of a group was given and has not acknowledged.', labels: ofGroup },
  oldestPending: { name: 'cascade_stream_group_oldest_pending_age_seconds', help: 'Age of the oldest entry that is not acknowledged.', labels: ofGroup },
  oldestUndelivered: { name: 'cascade_stream_group_oldest_undelivered_age_seconds', help: 'Age of the oldest entry that a group was not given yet.', labels: ofGroup },
  deadLetters: { name: 'cascade_dead_letters', help: 'Entries that a service gave up, and that wait for a person.', labels: ['service'] },
  delayedRetries: { name: 'cascade_delayed_retries', help: 'Events that wait for their next attempt.', labels: ['service'] },
  deadlinesAtRisk: { name: 'cascade_deadlines_at_risk', help: 'Cascades before the last tier with less than 5 minutes or a tenth of their time left.', labels: [] },
  parkedCleanUps: { name: 'cascade_parked_clean_ups', help: 'Ended cascades of which something could not be taken back, and that wait for a person.', labels: [] },
  leader: { name: 'cascade_supervisor_leader', help: '1 in the supervisor that sweeps deadlines, 0 in the others.', labels: [] },
} as const satisfies Record<string, MetricDefinition>;

/** The page docs/metrics.md. */
export function renderMetricsDocs(): string {
  const rows = Object.values(metricDefinitions as Record<string, MetricDefinition>).map(({ name, help, labels }) => `| \`${name}\` | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`);
  return `# Metrics

<!-- Written by npm run docs. -->

The supervisor serves these gauges in Prometheus' text format at \`GET /metrics\` on the port \`CASCADE_METRICS_PORT\`; without that setting it listens nowhere. With several partitions each has its own numbers, on that port plus the partition's number. Every supervisor gives the same numbers, since all of them are read from Redis at the moment of the request: scrape one, or take the maximum. \`cascade lag\` prints the same for people.

| metric | labels | |
|---|---|---|
${rows.join('\n')}

## github-webhook

Each process of it has its own numbers, at \`GET /metrics\` on its own port: \`cascade_webhook_requests_total\` by \`outcome\` (\`accepted\`, \`repeated\`, \`unknown_event\`, \`malformed\`, \`unsigned\`, \`forged\`, \`too_large\`, \`headers_too_large\`, \`timed_out\`, \`aborted\`, \`refused\`: too many connections, \`not_found\`, \`unavailable\`, \`failed\`), and \`cascade_webhook_answer_seconds\`, a histogram of how long GitHub waited. Add them up.

## Alarms

Worth an alarm: \`cascade_parked_clean_ups > 0\`, \`cascade_dead_letters > 0\`, \`max(cascade_supervisor_leader) < 1\`, an oldest undelivered age that keeps growing (its service is down or too slow), an oldest pending age above the time that a handler may take; of the webhook a growth of \`unavailable\`, \`failed\` or \`forged\`.
`;
}
