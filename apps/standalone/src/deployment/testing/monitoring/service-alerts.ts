import type { Alert } from './alert.js';

/** Of the services, their streams and their cascades. */
export const serviceAlerts: readonly Alert[] = [
  {
    name: 'CascadeProcessDown', expr: 'up{job="cascade"} == 0', lasts: '2m', severity: 'critical', summary: '{{ $labels.instance }} does not answer.',
    section: 'Prometheus does not reach the port for probes and metrics of a process: it ended, hangs, or is cut off. Look at its log and at `GET /ready` of it; its work is taken over by others of the same service, and goes on when it is back.',
    fires: { series: { 'up{job="cascade",instance="a:9464"}': '1 0x60' }, labels: { job: 'cascade', instance: 'a:9464' } },
    quiet: { 'up{job="cascade",instance="a:9464"}': '1x58 0x2', 'up{job="other",instance="b"}': '0x60' },
  },
  {
    name: 'CascadeNoSupervisor', expr: 'absent(cascade_supervisor_leader) or max by (partition) (cascade_supervisor_leader) < 1', lasts: '2m', severity: 'critical', summary: 'No supervisor leads: deadlines are not kept.',
    section: 'No supervisor runs, or none can reach Redis: no cascade is timed out, nothing is cleaned up, and the numbers of this page are blind. Look whether Redis answers and whether a supervisor is ready; a leader is found within seconds then.',
    fires: { series: { 'cascade_supervisor_leader{partition="0"}': '0x60' }, labels: { partition: '0' } },
    quiet: { 'cascade_supervisor_leader{partition="0",instance="a"}': '1x30 0x30', 'cascade_supervisor_leader{partition="0",instance="b"}': '0x30 1x30' },
  },
  {
    name: 'CascadeStreamStalled', expr: 'max by (group) (cascade_stream_group_oldest_undelivered_age_seconds) > 600', lasts: '5m', severity: 'critical', summary: 'Nobody takes entries for {{ $labels.group }}.',
    section: 'Entries wait for a service for more than ten minutes: it is away, cannot reach Redis, or all its slots are taken by work that takes long. `cascade lag` shows which stream; start the service, or more of it.',
    fires: { series: { 'cascade_stream_group_oldest_undelivered_age_seconds{partition="0",stream="s",group="git-worker"}': '0+60x60' }, labels: { group: 'git-worker' } },
    quiet: { 'cascade_stream_group_oldest_undelivered_age_seconds{partition="0",stream="s",group="git-worker"}': '590x60' },
  },
  {
    name: 'CascadeStreamLagHigh', expr: 'sum by (group) (max by (group, stream, partition) (cascade_stream_group_lag)) > 100', lasts: '10m', severity: 'warning', summary: 'More than 100 entries wait for {{ $labels.group }}.',
    section: 'A service gets more than it does. Start more of it (not of git-worker or docs-indexer, which run once), or raise CASCADE_CONCURRENCY; for the agents the model\'s limits are often the reason, see the dashboard of models.',
    fires: { series: { 'cascade_stream_group_lag{partition="0",stream="s",group="g",instance="a"}': '80x60', 'cascade_stream_group_lag{partition="1",stream="s",group="g",instance="a"}': '80x60' }, labels: { group: 'g' } },
    quiet: { 'cascade_stream_group_lag{partition="0",stream="s",group="g",instance="a"}': '80x60', 'cascade_stream_group_lag{partition="0",stream="s",group="g",instance="b"}': '80x60' },
  },
  {
    name: 'CascadeEntryStuck', expr: 'max by (group) (cascade_stream_group_oldest_pending_age_seconds) > 7200', lasts: '5m', severity: 'warning', summary: 'An entry of {{ $labels.group }} has been in work for more than two hours.',
    section: 'A handling takes longer than any should. Its cascade ends by its deadline in any case; if several stand still, look at the log of the service and at the model or the git host that it waits for, then start it anew: the work is taken over.',
    fires: { series: { 'cascade_stream_group_oldest_pending_age_seconds{partition="0",stream="s",group="g"}': '7000+60x60' }, labels: { group: 'g' } },
    quiet: { 'cascade_stream_group_oldest_pending_age_seconds{partition="0",stream="s",group="g"}': '7100x60' },
  },
  {
    name: 'CascadeDeadLetters', expr: 'sum by (group) (max by (group, partition) (cascade_dead_letters)) > 0', lasts: '1m', severity: 'warning', summary: '{{ $labels.group }} gave up events.',
    section: 'Events were tried as often as they may be, or cannot be read at all. `cascade dlq list` and `cascade dlq show` tell why; put right what stood in the way, then `cascade dlq retry`, or `drop` what is not wanted any more.',
    fires: { series: { 'cascade_dead_letters{partition="0",group="g"}': '0x30 1x30' }, labels: { group: 'g' } },
    quiet: { 'cascade_dead_letters{partition="0",group="g"}': '1x30 0x30' },
  },
  {
    name: 'CascadeWorkersDying', expr: 'sum by (group) (increase(cascade_stream_entries_claimed_total[15m])) > 5', lasts: '0m', severity: 'warning', summary: 'Workers of {{ $labels.group }} die or stand still over their work.',
    section: 'Entries are delivered again and again, because whoever had them ended without a word or did not renew its claim. Look for processes killed for their memory, and for machines that stand still; after CASCADE_MAX_DELIVERIES such an entry becomes a dead letter.',
    fires: { series: { 'cascade_stream_entries_claimed_total{stream="s",group="g",instance="a"}': '0+1x60' }, labels: { group: 'g' } },
    quiet: { 'cascade_stream_entries_claimed_total{stream="s",group="g",instance="a"}': '9x30 0x30' },
  },
  {
    name: 'CascadeRunsFailing', expr: 'sum(increase(cascade_runs_ended_total{outcome=~"failed|timed_out"}[1h])) > 3 and sum(increase(cascade_runs_ended_total{outcome=~"failed|timed_out"}[1h])) / sum(increase(cascade_runs_ended_total[1h])) > 0.5', lasts: '0m', severity: 'warning', summary: 'More than half of the cascades of the last hour came to nothing.',
    section: 'One cause is likely: the model, the sandbox, a git host. `cascade list` and `cascade status` show the problem of each, the dashboard of cascades in which tier they end.',
    fires: { series: { 'cascade_runs_ended_total{outcome="failed",tier="execution"}': '0+1x60', 'cascade_runs_ended_total{outcome="completed",tier="execution"}': '0x60' }, labels: {} },
    quiet: { 'cascade_runs_ended_total{outcome="failed",tier="execution"}': '0+1x60', 'cascade_runs_ended_total{outcome="completed",tier="execution"}': '0+2x60' },
  },
  {
    name: 'CascadeDeadlinesAtRisk', expr: 'sum(max by (partition) (cascade_deadlines_at_risk)) > 0', lasts: '2m', severity: 'warning', summary: 'Cascades may not end in time.',
    section: 'Cascades before the last tier have less than five minutes or a tenth of their time left. Where the system is slow, look at lag and latency; where the request is large, give more time with `--deadline-minutes`.',
    fires: { series: { 'cascade_deadlines_at_risk{partition="0"}': '2x60' }, labels: {} },
    quiet: { 'cascade_deadlines_at_risk{partition="0"}': '0x60' },
  },
  {
    name: 'CascadeCleanUpsParked', expr: 'sum(max by (partition) (cascade_parked_clean_ups)) > 0', lasts: '1m', severity: 'warning', summary: 'Something of ended cascades could not be taken back.',
    section: 'Three tries to remove what a cascade left (a workspace, a ref, a branch at a remote) failed. `cascade status` names the effect and the reason; put it right, then `cascade clean-up`.',
    fires: { series: { 'cascade_parked_clean_ups{partition="1"}': '1x60' }, labels: {} },
    quiet: { 'cascade_parked_clean_ups{partition="1"}': '0x60' },
  },
];
