import { counter } from './counter.js';
import { gauge } from './gauge.js';
import { histogram } from './histogram.js';
import { namesOf, oneOf } from './label-values.js';
import { partition } from './names.js';

const resource = namesOf('a limit\'s name at GitHub, e.g. `core`', 20);
const matter = oneOf('item', 'issue', 'ending', 'pull', 'sweep', 'question', 'comment', 'label');
const webhookOutcomes = oneOf('accepted', 'repeated', 'unknown_event', 'malformed', 'unsigned', 'forged', 'not_found', 'timed_out', 'too_large', 'headers_too_large', 'failed', 'unavailable', 'aborted', 'refused');

/** Counted by whoever asks GitHub, above all github-sync; the queue is read from Redis. */
export const githubMetrics = {
  requests: counter({ name: 'cascade_github_requests_total', help: 'Requests to GitHub, each attempt by itself; `none`: there was no answer.', labels: { method: oneOf('GET', 'POST', 'PATCH', 'PUT', 'DELETE'), status: oneOf('2xx', '304', '3xx', '4xx', '403', '404', '429', '5xx', 'none') } }),
  seconds: histogram({ name: 'cascade_github_request_seconds', help: 'Time of one request, reading included.', labels: {}, buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] }),
  remaining: gauge({ name: 'cascade_github_limit_remaining', help: 'What GitHub still allowed when it last answered this process.', labels: { resource } }),
  limit: gauge({ name: 'cascade_github_limit', help: 'What GitHub allows in an hour (or minute, as the limit is).', labels: { resource } }),
  matters: counter({ name: 'cascade_github_matters_total', help: 'Things that were brought into agreement, by how that ended; what is `parked` waits for a change or a restart.', labels: { matter, result: oneOf('done', 'retried', 'parked') } }),
  drift: counter({ name: 'cascade_github_drift_total', help: 'Differences between a work item and its issue, by which side was brought up to date.', labels: { side: oneOf('issue', 'work_item') } }),
  conflicts: counter({ name: 'cascade_github_conflicts_total', help: 'Texts of people that had no place and were kept in a comment, and issues that stay different until a person does something.', labels: { kind: oneOf('kept_text', 'stays_different') } }),
  queue: gauge({ name: 'cascade_github_queue', help: 'Matters that wait: due, later, replies to people, given up.', labels: { partition, state: oneOf('due', 'later', 'asked', 'parked') } }),
};

/** Counted by github-webhook. */
export const webhookMetrics = {
  requests: counter({ name: 'cascade_webhook_requests_total', help: 'Requests to the webhook by how they ended.', labels: { outcome: webhookOutcomes } }),
  seconds: histogram({ name: 'cascade_webhook_answer_seconds', help: 'Time from a request\'s headers to its answer: GitHub gives up after ten seconds.', labels: {}, buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 10] }),
};
