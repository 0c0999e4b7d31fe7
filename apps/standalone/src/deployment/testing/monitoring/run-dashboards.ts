import { inRange, overPartitions, perSecond, quantile, type DashboardDefinition } from './dashboard.js';

const ended = 'cascade_runs_ended_total';

export const cascades: DashboardDefinition = {
  uid: 'cascade-cascades', title: 'Cascade: cascades',
  panels: [
    { title: 'Open', unit: 'short', isStat: true, queries: { [overPartitions('cascade_runs_open')]: '' }, about: 'Cascades that run or wait for a person.' },
    { title: 'Wait for a person', unit: 'short', isStat: true, queries: { [overPartitions('cascade_runs_open{state="waiting"}')]: '' }, about: 'Cascades that asked something: `cascade list`.' },
    { title: 'Deadlines at risk', unit: 'short', isStat: true, queries: { [overPartitions('cascade_deadlines_at_risk')]: '' }, about: 'Cascades before the last tier with little time left.' },
    { title: 'Parked clean-ups', unit: 'short', isStat: true, queries: { [overPartitions('cascade_parked_clean_ups')]: '' }, about: 'Ended cascades of which something could not be taken back.' },
    { title: 'Open by state and tier', unit: 'short', queries: { [overPartitions('cascade_runs_open', 'state, tier')]: '{{state}} in {{tier}}' }, about: 'Where the open cascades are.' },
    { title: 'Ended by outcome', unit: 'short', queries: { [inRange(ended, 'outcome')]: '{{outcome}}' }, about: 'Cascades that ended in the time shown.' },
    { title: 'Part that completed', unit: 'percentunit', queries: { [`sum(increase(${ended}{outcome="completed"}[$__range])) / sum(increase(${ended}[$__range]))`]: 'completed' }, about: 'Of the cascades that ended in the time shown.' },
    { title: 'Ends that were none, by tier', unit: 'short', queries: { [inRange(`${ended}{outcome!="completed"}`, 'outcome, tier')]: '{{outcome}} in {{tier}}' }, about: 'Where cascades fail.' },
    { title: 'Duration', unit: 's', queries: { [quantile(0.5, 'cascade_run_seconds')]: 'half', [quantile(0.95, 'cascade_run_seconds')]: '95 %' }, about: 'From the request to the end.' },
    { title: 'Duration of tiers, median', unit: 's', queries: { [quantile(0.5, 'cascade_run_tier_seconds', 'tier')]: '{{tier}}' }, about: 'Of ended cascades, waiting included.' },
    { title: 'Deadline burn of open cascades', unit: 'percentunit', queries: { 'max(cascade_run_deadline_burn_ratio)': 'largest' }, about: 'The largest part of its time that an open cascade has used. At 1 it is timed out.' },
    { title: 'Time used at the end', unit: 'percentunit', queries: { [quantile(0.9, 'cascade_run_deadline_used_ratio')]: '90 %' }, about: 'Part of its time that a cascade had used at its end: near 1 deadlines are too short.' },
    { title: 'Spend', unit: 'currencyUSD', queries: { [inRange('cascade_run_spend_usd_total', 'outcome')]: '{{outcome}}' }, about: 'What the cascades cost that ended in the time shown, by the configured prices.' },
    { title: 'Supervisors that lead', unit: 'short', queries: { 'sum by (partition) (cascade_supervisor_leader)': 'partition {{partition}}' }, about: 'One for each partition; without one no deadline is kept.' },
  ],
};

export const work: DashboardDefinition = {
  uid: 'cascade-work', title: 'Cascade: sandbox, git and documentation',
  panels: [
    { title: 'Sandboxed runs', unit: 'ops', queries: { [perSecond('cascade_sandbox_runs_total', 'result')]: '{{result}}' }, about: 'Commands in the sandbox by how they ended. Tests that are to fail count as `failed`; `error`: the sandbox could not be made.' },
    { title: 'Time of sandboxed runs', unit: 's', queries: { [quantile(0.5, 'cascade_sandbox_run_seconds')]: 'half', [quantile(0.95, 'cascade_sandbox_run_seconds')]: '95 %' }, about: 'Waiting for a free slot included.' },
    { title: 'Merge queue', unit: 'ops', queries: { [perSecond('cascade_merge_queue_tasks_total', 'result')]: '{{result}}' }, about: 'Tasks by how they left the merge queue.' },
    { title: 'Time in the merge queue', unit: 's', queries: { [quantile(0.5, 'cascade_merge_queue_seconds')]: 'half', [quantile(0.95, 'cascade_merge_queue_seconds')]: '95 %' }, about: 'Waiting, merging, and the tests of the candidate.' },
    { title: 'git by command', unit: 'ops', queries: { [`topk(10, ${perSecond('cascade_git_commands_total', 'command')})`]: '{{command}}' }, about: 'The ten most frequent.' },
    { title: 'Time of git, 95th percentile', unit: 's', queries: { [`topk(10, ${quantile(0.95, 'cascade_git_command_seconds', 'command')})`]: '{{command}}' }, about: 'The ten slowest commands.' },
    { title: 'git that was ended', unit: 'ops', queries: { [perSecond('cascade_git_commands_total{result=~"timed-out|too-much-output|not-started"}', 'command, result')]: '{{command}} {{result}}' }, about: 'By a limit, or never begun.', quiet: 'nothing is ended by a limit where all is well' },
    { title: 'Indexings', unit: 'ops', queries: { [perSecond('cascade_docs_indexings_total', 'result')]: '{{result}}' }, about: 'Branches that were brought up to date.' },
    { title: 'Time of indexing', unit: 's', queries: { [quantile(0.95, 'cascade_docs_index_seconds')]: '95 %' }, about: 'One request to index a branch.' },
    { title: 'Questions about repositories', unit: 'ops', queries: { [perSecond('cascade_docs_questions_total', 'question, result')]: '{{question}} {{result}}' }, about: 'What the tiers and people ask the documentation graph.' },
    { title: 'Time of answers, 95th percentile', unit: 's', queries: { [quantile(0.95, 'cascade_docs_question_seconds')]: '95 %' }, about: 'Waiting for an index that is brought up to date included.' },
  ],
};
