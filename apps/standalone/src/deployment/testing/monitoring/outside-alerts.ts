import type { Alert } from './alert.js';

const duration = 'gen_ai_client_operation_duration_seconds';
const calls = (error: string): string => `${duration}_count{gen_ai_request_model="m",error_type="${error}"}`;

/** Of what Cascade works with: models, sandbox, git, GitHub. */
export const outsideAlerts: readonly Alert[] = [
  {
    name: 'CascadeModelFailing', expr: `sum by (gen_ai_request_model) (rate(${duration}_count{error_type!=""}[10m])) / sum by (gen_ai_request_model) (rate(${duration}_count[10m])) > 0.5`, lasts: '5m', severity: 'critical', summary: 'Most requests to {{ $labels.gen_ai_request_model }} fail.',
    section: 'The endpoint refuses or does not answer; the dashboard of models shows the error codes, docs/errors.md what to do about each. Cascades wait and try again until their deadlines, so nothing need be started anew when it is back.',
    fires: { series: { [calls('CASC_MODEL_RATE_LIMITED')]: '0+3x60', [calls('')]: '0+1x60' }, labels: { gen_ai_request_model: 'm' } },
    quiet: { [calls('CASC_MODEL_RATE_LIMITED')]: '0+1x60', [calls('')]: '0+2x60' },
  },
  {
    name: 'CascadeModelSlow', expr: `histogram_quantile(0.95, sum by (gen_ai_request_model, le) (rate(${duration}_bucket{gen_ai_operation_name="chat"}[15m]))) > 160`, lasts: '10m', severity: 'warning', summary: 'Answers of {{ $labels.gen_ai_request_model }} take minutes.',
    section: 'One answer in twenty takes longer than 160 seconds, so that cascades may miss their deadlines. Look at the endpoint; fewer at a time (CASCADE_CONCURRENCY) or smaller answers (CASCADE_MODEL_MAX_TOKENS) help where it is overloaded.',
    fires: { series: { [`${duration}_bucket{gen_ai_request_model="m",gen_ai_operation_name="chat",le="163.84"}`]: '0x60', [`${duration}_bucket{gen_ai_request_model="m",gen_ai_operation_name="chat",le="327.68"}`]: '0+1x60', [`${duration}_bucket{gen_ai_request_model="m",gen_ai_operation_name="chat",le="+Inf"}`]: '0+1x60' }, labels: { gen_ai_request_model: 'm' } },
    quiet: { [`${duration}_bucket{gen_ai_request_model="m",gen_ai_operation_name="chat",le="81.92"}`]: '0+1x60', [`${duration}_bucket{gen_ai_request_model="m",gen_ai_operation_name="chat",le="+Inf"}`]: '0+1x60' },
  },
  {
    name: 'CascadeSandboxBroken', expr: 'sum(increase(cascade_sandbox_runs_total{result="error"}[10m])) > 0', lasts: '0m', severity: 'critical', summary: 'The sandbox cannot be made.',
    section: 'Commands could not be started in the sandbox, and nothing runs outside of it: cascades fail. `cascade doctor` in that container tells what is missing; above all user namespaces and the seccomp profile.',
    fires: { series: { 'cascade_sandbox_runs_total{result="error"}': '0x55 1x5' }, labels: {} },
    quiet: { 'cascade_sandbox_runs_total{result="error"}': '3x60', 'cascade_sandbox_runs_total{result="failed"}': '0+5x60' },
  },
  {
    name: 'CascadeGitEnded', expr: 'sum by (result) (increase(cascade_git_commands_total{result=~"timed-out|too-much-output|not-started"}[15m])) > 3', lasts: '0m', severity: 'warning', summary: 'git is ended by a limit: {{ $labels.result }}.',
    section: 'Commands of git take too long, say too much, or do not begin. `timed-out` is mostly a git host that does not answer or a full disk, `too-much-output` a repository larger than Cascade works with, `not-started` a missing git.',
    fires: { series: { 'cascade_git_commands_total{command="fetch",result="timed-out"}': '0+1x60' }, labels: { result: 'timed-out' } },
    quiet: { 'cascade_git_commands_total{command="fetch",result="failed"}': '0+1x60' },
  },
  {
    name: 'CascadeDocsIndexingFails', expr: 'sum(increase(cascade_docs_indexings_total{result="failed"}[30m])) > 2', lasts: '0m', severity: 'warning', summary: 'Repositories cannot be indexed.',
    section: 'Cascades go on without the documentation graph, with less context. The log of docs-indexer has the code and the repository; `cascade docs index` tries again.',
    fires: { series: { 'cascade_docs_indexings_total{result="failed"}': '0+1x60' }, labels: {} },
    quiet: { 'cascade_docs_indexings_total{result="failed"}': '7x60' },
  },
  {
    name: 'CascadeWebhookFails', expr: 'sum by (outcome) (increase(cascade_webhook_requests_total{outcome=~"unavailable|failed"}[10m])) > 0', lasts: '0m', severity: 'warning', summary: 'Deliveries of GitHub are answered with an error: {{ $labels.outcome }}.',
    section: '`unavailable`: Redis was away or full; github-webhook asks GitHub for these deliveries again by itself, within the sweep. `failed` is a defect: the log says which, and the delivery can be repeated in the hook\'s settings.',
    fires: { series: { 'cascade_webhook_requests_total{outcome="unavailable"}': '0x55 2x5' }, labels: { outcome: 'unavailable' } },
    quiet: { 'cascade_webhook_requests_total{outcome="unavailable"}': '2x60', 'cascade_webhook_requests_total{outcome="malformed"}': '0+1x60' },
  },
  {
    name: 'CascadeWebhookForged', expr: 'sum(increase(cascade_webhook_requests_total{outcome="forged"}[15m])) > 10', lasts: '0m', severity: 'warning', summary: 'Deliveries with wrong signatures come in.',
    section: 'After a change of the secret: GitHub and CASCADE_GITHUB_WEBHOOK_SECRETS do not have the same one; give both until the hook is changed. Else somebody tries: nothing was taken, but let the proxy pass GitHub\'s addresses alone.',
    fires: { series: { 'cascade_webhook_requests_total{outcome="forged"}': '0+1x60' }, labels: {} },
    quiet: { 'cascade_webhook_requests_total{outcome="forged"}': '50x60' },
  },
  {
    name: 'CascadeGitHubLimitLow', expr: 'min by (resource) (cascade_github_limit_remaining / (cascade_github_limit > 0)) < 0.1', lasts: '5m', severity: 'warning', summary: 'Little is left of GitHub\'s limit `{{ $labels.resource }}`.',
    section: 'Nine tenths of what GitHub allows in an hour are used; at nothing everything waits for the next hour, and is done then. Sweep less often (CASCADE_GITHUB_SWEEP_MINUTES), or use an App, whose limit grows with the organisation.',
    fires: { series: { 'cascade_github_limit_remaining{resource="core"}': '100x60', 'cascade_github_limit{resource="core"}': '5000x60' }, labels: { resource: 'core' } },
    quiet: { 'cascade_github_limit_remaining{resource="core"}': '1000x60', 'cascade_github_limit{resource="core"}': '5000x60' },
  },
  {
    name: 'CascadeGitHubGivenUp', expr: 'sum(max by (partition) (cascade_github_queue{state="parked"})) > 0', lasts: '5m', severity: 'warning', summary: 'Work items or issues cannot be brought into agreement.',
    section: 'GitHub refused what cannot be tried again: mostly a missing permission, or an issue that was locked or moved away. `cascade github status` names each with its reason; after putting it right start github-sync anew, which tries all of them.',
    fires: { series: { 'cascade_github_queue{partition="0",state="parked"}': '1x60' }, labels: {} },
    quiet: { 'cascade_github_queue{partition="0",state="parked"}': '0x60', 'cascade_github_queue{partition="0",state="later"}': '9x60' },
  },
  {
    name: 'CascadeGitHubBehind', expr: 'sum(max by (partition) (cascade_github_queue{state="due"})) > 50', lasts: '30m', severity: 'warning', summary: 'The mirror on GitHub is behind.',
    section: 'More is due than GitHub\'s limits let through, or github-sync is away or has wrong credentials. `cascade github status` says how long the rest takes; large cascades create hundreds of issues, at 20 in a minute.',
    fires: { series: { 'cascade_github_queue{partition="0",state="due"}': '60x60' }, labels: {} },
    quiet: { 'cascade_github_queue{partition="0",state="due"}': '60x40 10x20' },
  },
];
