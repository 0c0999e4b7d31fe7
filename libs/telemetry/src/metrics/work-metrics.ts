import { counter } from './counter.js';
import { histogram } from './histogram.js';
import { namesOf, oneOf } from './label-values.js';

const seconds = [0.02, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** Counted by the services that run commands in the sandbox: agent-30-execution and git-worker. */
export const sandboxMetrics = {
  runs: counter({
    name: 'cascade_sandbox_runs_total', help: 'Commands that ran in the sandbox, by how they ended: by themselves, by which limit, or not begun.',
    labels: { result: oneOf('passed', 'failed', 'timeout', 'output', 'memory', 'disk', 'files', 'processes', 'abort', 'error') },
  }),
  seconds: histogram({ name: 'cascade_sandbox_run_seconds', help: 'Time of one run, waiting for a free slot included.', labels: {}, buckets: seconds }),
};

const command = namesOf('a command of git, e.g. `fetch`', 50);

/** Counted by git-worker, and by what else runs git. */
export const gitMetrics = {
  commands: counter({ name: 'cascade_git_commands_total', help: 'Processes of git, by how they ended; some answer by failing.', labels: { command, result: oneOf('ok', 'failed', 'timed-out', 'aborted', 'too-much-output', 'not-started') } }),
  seconds: histogram({ name: 'cascade_git_command_seconds', help: 'Time of one process of git.', labels: { command }, buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30, 120, 600] }),
  merged: counter({ name: 'cascade_merge_queue_tasks_total', help: 'Tasks that passed through the merge queue.', labels: { result: oneOf('integrated', 'conflict', 'tests_failed', 'error') } }),
  mergeSeconds: histogram({ name: 'cascade_merge_queue_seconds', help: 'Time of one task in the merge queue: waiting for its turn, merging, tests of the candidate.', labels: {}, buckets: seconds }),
};
export type MergeEnd = 'integrated' | 'conflict' | 'tests_failed' | 'error';

/** Counted by docs-indexer. */
export const docsMetrics = {
  indexed: counter({ name: 'cascade_docs_indexings_total', help: 'Requests to index a branch, by what was done.', labels: { result: oneOf('unchanged', 'changed', 'whole', 'rebuilt', 'failed') } }),
  indexSeconds: histogram({ name: 'cascade_docs_index_seconds', help: 'Time of one indexing.', labels: {}, buckets: seconds }),
  questions: counter({ name: 'cascade_docs_questions_total', help: 'Questions about the documentation graph.', labels: { question: namesOf('a command of the [contracts](events.md)', 30), result: oneOf('answered', 'failed') } }),
  questionSeconds: histogram({ name: 'cascade_docs_question_seconds', help: 'Time of one answer, waiting for an index that is brought up to date included.', labels: {}, buckets: [0.0005, 0.001, 0.005, 0.02, 0.1, 0.5, 2.5, 10, 60] }),
};
