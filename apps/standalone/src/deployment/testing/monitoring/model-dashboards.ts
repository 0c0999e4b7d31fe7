import { inRange, overPartitions, perSecond, quantile, type DashboardDefinition } from './dashboard.js';

const duration = 'gen_ai_client_operation_duration_seconds';
const tokens = 'gen_ai_client_token_usage';
const model = 'gen_ai_request_model';

export const models: DashboardDefinition = {
  uid: 'cascade-models', title: 'Cascade: models',
  panels: [
    { title: 'Requests', unit: 'ops', queries: { [perSecond(`${duration}_count`, `${model}, gen_ai_operation_name`)]: `{{${model}}} {{gen_ai_operation_name}}` }, about: 'Attempts of requests to models.' },
    { title: 'Part that failed', unit: 'percentunit', queries: { [`(sum(rate(${duration}_count{error_type!=""}[$__rate_interval])) or vector(0)) / sum(rate(${duration}_count[$__rate_interval]))`]: 'failed' }, about: 'Attempts that got no answer; most are tried again.' },
    { title: 'Latency', unit: 's', queries: { [quantile(0.5, duration, model)]: `half {{${model}}}`, [quantile(0.95, duration, model)]: `95 % {{${model}}}` }, about: 'Of one attempt.' },
    { title: 'Errors', unit: 'ops', queries: { [perSecond(`${duration}_count{error_type!=""}`, 'error_type')]: '{{error_type}}' }, about: 'By error code: docs/errors.md.', quiet: 'a recording answers without errors' },
    { title: 'Tokens per second', unit: 'short', queries: { [perSecond(`${tokens}_sum`, 'gen_ai_token_type')]: '{{gen_ai_token_type}}' }, about: 'Of answered requests.' },
    { title: 'Tokens of a request, 95th percentile', unit: 'short', queries: { [quantile(0.95, tokens, 'gen_ai_token_type')]: '{{gen_ai_token_type}}' }, about: 'Prompts that grow towards the model\'s window, and answers towards CASCADE_MODEL_MAX_TOKENS.' },
    { title: 'Spend per hour', unit: 'currencyUSD', queries: { [`${perSecond('cascade_model_spend_usd_total', model)} * 3600`]: `{{${model}}}` }, about: 'By the configured prices; 0 without prices.' },
    { title: 'Answers from the journal', unit: 'percentunit', queries: { 'sum(increase(cascade_model_answers_total{source="journal"}[$__range])) / sum(increase(cascade_model_answers_total[$__range]))': 'from the journal' }, about: 'Answers that a repeated handling found recorded: they cost nothing. Many of them: services die or handlings are retried.' },
    { title: 'Answers by what became of them', unit: 'short', queries: { [inRange('cascade_model_answers_judged_total', 'verdict')]: '{{verdict}}' }, about: 'Used, given back to the model for correction, or given up.' },
    { title: 'Corrected or given up, by function', unit: 'short', queries: { [`topk(10, ${inRange('cascade_model_answers_judged_total{verdict!="used"}', 'function, verdict')})`]: '{{function}} {{verdict}}' }, about: 'Which prompts the model does not manage.', quiet: 'the recording has no answer that had to be corrected' },
  ],
};

export const github: DashboardDefinition = {
  uid: 'cascade-github', title: 'Cascade: GitHub',
  panels: [
    { title: 'Due', unit: 'short', isStat: true, queries: { [overPartitions('cascade_github_queue{state="due"}')]: '' }, about: 'Work items, issues and more that are to be brought into agreement now.' },
    { title: 'Later', unit: 'short', isStat: true, queries: { [overPartitions('cascade_github_queue{state="later"}')]: '' }, about: 'They wait for a retry or for GitHub\'s limits.' },
    { title: 'Replies to people', unit: 'short', isStat: true, queries: { [overPartitions('cascade_github_queue{state="asked"}')]: '' }, about: 'Comments and labels that were not answered yet.' },
    { title: 'Given up', unit: 'short', isStat: true, queries: { [overPartitions('cascade_github_queue{state="parked"}')]: '' }, about: 'Until something changes or github-sync starts anew: `cascade github status`.' },
    { title: 'Webhook deliveries', unit: 'ops', queries: { [perSecond('cascade_webhook_requests_total', 'outcome')]: '{{outcome}}' }, about: '`unavailable` and `failed` are ours, `forged` and `unsigned` are somebody else\'s.' },
    { title: 'Time of answers to GitHub', unit: 's', queries: { [quantile(0.5, 'cascade_webhook_answer_seconds')]: 'half', [quantile(0.95, 'cascade_webhook_answer_seconds')]: '95 %' }, about: 'GitHub gives up after ten seconds.' },
    { title: 'Requests to GitHub', unit: 'ops', queries: { [perSecond('cascade_github_requests_total', 'method, status')]: '{{method}} {{status}}' }, about: '`none`: there was no answer.' },
    { title: 'Time of requests to GitHub', unit: 's', queries: { [quantile(0.5, 'cascade_github_request_seconds')]: 'half', [quantile(0.95, 'cascade_github_request_seconds')]: '95 %' }, about: 'Each attempt by itself.' },
    { title: 'Limits left', unit: 'percentunit', queries: { 'min by (resource) (cascade_github_limit_remaining / cascade_github_limit)': '{{resource}}' }, about: 'At 0 everything waits until GitHub gives more.' },
    { title: 'Queue', unit: 'short', queries: { [overPartitions('cascade_github_queue', 'state')]: '{{state}}' }, about: 'What waits, by why.' },
    { title: 'Brought into agreement', unit: 'short', queries: { [inRange('cascade_github_matters_total', 'matter, result')]: '{{matter}} {{result}}' }, about: 'In the time shown.' },
    { title: 'Drift', unit: 'short', queries: { [inRange('cascade_github_drift_total', 'side')]: 'written to the {{side}}' }, about: 'Differences that were found, by the side that was brought up to date.' },
    { title: 'Conflicts', unit: 'short', queries: { [inRange('cascade_github_conflicts_total', 'kind')]: '{{kind}}' }, about: 'Texts of people that were kept in comments, and issues that stay different.' },
  ],
};
