import { z } from 'zod';
import { cascadeSummary, redisKeys, type Budget, type CascadeSummary, type Problem, type StateWrite } from '@cascade/contracts';
import { spendingFields } from './spending.js';

export const terminalStates = ['completed', 'failed', 'timed_out', 'cancelled'] as const;
export const cascadeStates = ['running', 'waiting', ...terminalStates] as const;
export type CascadeState = (typeof cascadeStates)[number];

const fields = z.object({
  state: z.enum(cascadeStates),
  request: z.string(),
  repository: z.string(),
  branch: z.string().optional(),
  created_at: z.string(),
  ended_at: z.string().optional(),
  deadline: z.string(),
  tier: z.string().optional(),
  summary: z.string().optional(),
  problem: z.string().optional(),
  deadline_left_ms: z.coerce.number().optional(),
  while_waiting: z.enum(['pause', 'run']).optional(),
  clean_up: z.enum(['done', 'parked']).optional(),
  clean_up_problem: z.string().optional(),
  ...spendingFields,
});

/** Prefix of the fields that hold open questions, by name. */
export const QUESTION_FIELD = 'question:';

export interface OpenQuestion {
  readonly name: string;
  readonly text: string;
}

/** A cascade as its hash `cascade:<id>` tells it. */
export interface CascadeRecord {
  readonly id: string;
  readonly state: CascadeState;
  readonly request: string;
  readonly repository: string;
  readonly branch?: string | undefined;
  readonly createdAt: string;
  readonly endedAt?: string | undefined;
  /** RFC 3339. While it is paused: when waiting ends at the latest. */
  readonly deadline: string;
  /** What remains of a deadline that is paused, in milliseconds. */
  readonly deadlineLeftMs?: number | undefined;
  readonly tier?: number | undefined;
  readonly summary?: CascadeSummary | undefined;
  readonly problem?: Problem | undefined;
  /** What it waits for, by name; empty unless its state is `waiting`. */
  readonly questions: readonly OpenQuestion[];
  /** After the end: whether everything outside the result is taken back. */
  readonly cleanUp?: 'done' | 'parked' | undefined;
  readonly cleanUpProblem?: Pick<Problem, 'code' | 'message'> | undefined;
  readonly budget: Budget;
  readonly usage: { readonly calls: number; readonly promptTokens: number; readonly completionTokens: number; readonly usd: number };
}

/** The record behind a hash; undefined when the hash is empty. Throws ZodError when something else wrote the key. */
export function parseCascadeRecord(id: string, hash: Readonly<Record<string, string>>): CascadeRecord | undefined {
  if (Object.keys(hash).length === 0) return undefined;
  const record = fields.parse(hash);
  return {
    id,
    state: record.state,
    request: record.request,
    repository: record.repository,
    branch: record.branch,
    createdAt: record.created_at,
    endedAt: record.ended_at,
    deadline: record.deadline,
    deadlineLeftMs: record.state === 'waiting' ? record.deadline_left_ms : undefined,
    tier: record.tier === undefined ? undefined : Number(record.tier),
    summary: record.summary === undefined ? undefined : cascadeSummary.parse(JSON.parse(record.summary)),
    problem: record.problem === undefined ? undefined : (JSON.parse(record.problem) as Problem),
    questions: record.state === 'waiting' ? questionsOf(hash) : [],
    cleanUp: record.clean_up,
    cleanUpProblem: record.clean_up_problem ? (JSON.parse(record.clean_up_problem) as Problem) : undefined,
    budget: { tokens: record.budget_tokens, usd: record.budget_usd },
    usage: { calls: record.usage_calls, promptTokens: record.usage_prompt_tokens, completionTokens: record.usage_completion_tokens, usd: record.usage_usd },
  };
}

function questionsOf(hash: Readonly<Record<string, string>>): OpenQuestion[] {
  return Object.entries(hash)
    .flatMap(([field, text]) => (field.startsWith(QUESTION_FIELD) ? [{ name: field.slice(QUESTION_FIELD.length), text }] : []))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export const isTerminal = (state: CascadeState): boolean => (terminalStates as readonly string[]).includes(state);

/** Nobody has to look at the deadline of a cascade that has ended. */
const withoutDeadline = (id: string): Pick<StateWrite, 'unscoreIn'> => ({ unscoreIn: { key: redisKeys.deadlines, member: id } });

/** The write that completes a cascade, for the outcome that also publishes `cascade.completed`. */
export function completedWrite(id: string, summary: CascadeSummary): StateWrite {
  return { key: redisKeys.cascade(id), fields: { state: 'completed', ended_at: new Date().toISOString(), summary: JSON.stringify(summary) }, ...withoutDeadline(id) };
}

export function failedWrite(id: string, problem: Problem): StateWrite {
  return { key: redisKeys.cascade(id), fields: { state: 'failed', ended_at: new Date().toISOString(), problem: JSON.stringify(problem) }, ...withoutDeadline(id) };
}
