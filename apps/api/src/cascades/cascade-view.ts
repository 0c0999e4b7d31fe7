import { gateDecision, tierNames } from '@cascade/contracts';
import { Agents, isTerminal, workItemColumns, type AgentRecord, type CascadeRecord } from '@cascade/state';
import type { Redis } from 'ioredis';
import type { z } from 'zod';
import type { CascadeShort, CascadeView, storyView, taskView, tierView } from '../contract/cascade-schemas.js';

const columnNames = ['kind', 'title', 'status', 'document_path', 'story_id', 'task_id', 'risk_score', 'qa_gate', 'qa_gate_path', 'task_kind', 'depends_on', 'commit_sha', 'red_tests', 'attempts'] as const;
type Item = Awaited<ReturnType<typeof workItemColumns<(typeof columnNames)[number]>>>[number];

/** A cascade as lists and event streams show it. */
export function shortView({ usage, budget, summary, cleanUpProblem, ...record }: CascadeRecord): CascadeShort {
  return {
    ...record, questions: [...record.questions],
    problem: record.problem === undefined ? undefined : { ...record.problem, findings: record.problem.findings === undefined ? undefined : [...record.problem.findings] },
    ...(cleanUpProblem === undefined ? {} : { cleanUpProblem }),
    spend: { ...usage, budget },
    ...(summary === undefined ? {} : { gate: summary.gate }),
  };
}

/** A cascade with all that is known of it. Reads only. */
export async function fullView(redis: Redis, record: CascadeRecord): Promise<CascadeView> {
  const [agents, items] = await Promise.all([new Agents(redis).list(record.id), workItemColumns(redis, record.id, columnNames)]);
  return {
    ...shortView(record),
    tiers: tierNames.map((name, tier) => tierOf(name, tier, record, agents)),
    stories: items.filter(({ columns }) => columns.kind === 'story').map(storyOf),
    tasks: items.filter(({ columns }) => columns.kind === 'task').map(taskOf).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    ...(record.summary === undefined ? {} : { summary: record.summary }),
  };
}

/** An agent's record expires some time after its deadline; the tier that the cascade reached stays. */
function tierOf(name: (typeof tierNames)[number], tier: number, record: CascadeRecord, agents: readonly AgentRecord[]): z.output<typeof tierView> {
  const agent = agents.find((one) => one.tier === tier);
  const reached = record.tier ?? -1;
  const isOver = tier < reached || (tier === reached && isTerminal(record.state));
  const state = isOver ? 'ended' : agent?.state === 'active' || agent?.state === 'ended' || agent?.state === 'expired' ? agent.state : 'waiting';
  return { tier, name, state, ...(agent === undefined ? {} : { folder: agent.folder }) };
}

function storyOf({ key, columns }: Item): z.output<typeof storyView> {
  const gate = gateDecision.safeParse(columns.qa_gate);
  return {
    id: columns.story_id ?? '', key, title: columns.title ?? '', status: columns.status ?? '', documentPath: columns.document_path ?? '',
    ...number('riskScore', columns.risk_score), ...(gate.success ? { gate: gate.data } : {}), ...text('gatePath', columns.qa_gate_path),
  };
}

function taskOf({ key, columns }: Item): z.output<typeof taskView> {
  const storyId = columns.story_id;
  return {
    id: columns.task_id ?? '', key, title: columns.title ?? '', status: columns.status ?? '', dependsOn: (columns.depends_on ?? '').split(',').filter((id) => id !== ''),
    ...(storyId === '0' ? {} : text('storyId', storyId)), ...text('kind', columns.task_kind), ...text('commit', columns.commit_sha),
    ...number('redTests', columns.red_tests), ...number('attempts', columns.attempts),
  };
}

const text = <K extends string>(name: K, value: string | undefined): { [name in K]?: string } => (value === undefined || value === '' ? {} : { [name]: value } as { [name in K]?: string });
const number = <K extends string>(name: K, value: string | undefined): { [name in K]?: number } => (value === undefined || value === '' || Number.isNaN(Number(value)) ? {} : { [name]: Number(value) } as { [name in K]?: number });
