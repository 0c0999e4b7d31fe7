import { overPartitions, perSecond, quantile, type DashboardDefinition } from './dashboard.js';

export const streams: DashboardDefinition = {
  uid: 'cascade-streams', title: 'Cascade: streams',
  panels: [
    { title: 'Waiting entries', unit: 'short', isStat: true, queries: { [overPartitions('cascade_stream_group_lag')]: '' }, about: 'Events and commands that no service was given yet.' },
    { title: 'Entries in work', unit: 'short', isStat: true, queries: { [overPartitions('cascade_stream_group_pending')]: '' }, about: 'Events and commands that a service was given and has not finished.' },
    { title: 'Delayed retries', unit: 'short', isStat: true, queries: { [overPartitions('cascade_delayed_retries')]: '' }, about: 'Events that failed and wait for their next attempt.' },
    { title: 'Dead letters', unit: 'short', isStat: true, queries: { [overPartitions('cascade_dead_letters')]: '' }, about: 'Events that were given up and wait for a person: `cascade dlq list`.' },
    { title: 'Lag by service', unit: 'short', queries: { [overPartitions('cascade_stream_group_lag', 'group')]: '{{group}}' }, about: 'What waits for each service. Grows: the service is away, or too slow.' },
    { title: 'Oldest entry that waits', unit: 's', queries: { 'max by (group) (cascade_stream_group_oldest_undelivered_age_seconds)': '{{group}}' }, about: 'Age of the oldest entry that a service was not given.' },
    { title: 'In work by service', unit: 'short', queries: { [overPartitions('cascade_stream_group_pending', 'group')]: '{{group}}' }, about: 'Entries that each service handles now.' },
    { title: 'Oldest entry in work', unit: 's', queries: { 'max by (group) (cascade_stream_group_oldest_pending_age_seconds)': '{{group}}' }, about: 'Age of the oldest entry that is not finished. A unit of tier 3 may take an hour; more than that stands still.' },
    { title: 'Delay before handling, 95th percentile', unit: 's', queries: { [quantile(0.95, 'cascade_stream_entry_wait_seconds', 'group')]: '{{group}}' }, about: 'From an entry\'s writing to the beginning of its handling.' },
    { title: 'Time of handling, 95th percentile', unit: 's', queries: { [quantile(0.95, 'cascade_stream_entry_process_seconds', 'group')]: '{{group}}' }, about: 'From the beginning of a handling to its commit.' },
    { title: 'Handled by outcome', unit: 'ops', queries: { [perSecond('cascade_stream_entries_processed_total', 'outcome')]: '{{outcome}}' }, about: 'How handlings end. `retried`, `dead_lettered` and `dropped` are the ones to look at.' },
    { title: 'Published by stream', unit: 'ops', queries: { [`topk(10, ${perSecond('cascade_stream_entries_published_total', 'stream')})`]: '{{stream}}' }, about: 'The ten busiest streams.' },
    { title: 'Taken over from dead workers', unit: 'ops', queries: { [perSecond('cascade_stream_entries_claimed_total', 'group')]: '{{group}}' }, about: 'Entries delivered again, because whoever had them died or stood still.' },
    { title: 'Retries and dead letters by service', unit: 'ops', queries: { [perSecond('cascade_stream_entries_processed_total{outcome=~"retried|dead_lettered"}', 'group, outcome')]: '{{group}} {{outcome}}' }, about: 'Where handlings fail.' },
    { title: 'Consumers', unit: 'short', queries: { 'count by (group) (count by (group, instance) (cascade_stream_entries_processed_total))': '{{group}}' }, about: 'Processes that serve each service.' },
    { title: 'Length of streams', unit: 'short', queries: { [`topk(10, ${overPartitions('cascade_stream_length', 'stream')})`]: '{{stream}}' }, about: 'The ten longest; acknowledged entries are kept for a day.' },
    { title: 'Delay of the event loop, 99th percentile', unit: 's', queries: { 'max by (instance) (nodejs_eventloop_lag_p99_seconds)': '{{instance}}' }, about: 'Above a tenth of a second a process is overloaded.' },
    { title: 'Memory', unit: 'bytes', queries: { 'max by (instance) (process_resident_memory_bytes)': '{{instance}}' }, about: 'Resident memory of each process.' },
  ],
};
