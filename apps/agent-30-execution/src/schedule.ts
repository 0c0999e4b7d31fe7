import type { DataOf, taskConflicted, taskIntegrated } from '@cascade/contracts';
import { readyUnits, units, type Unit } from '@cascade/spec-kit';
import type { GraphState, Plan, UnitState } from './graph-state.js';

/** Times that a unit is done until conflicts fail the cascade: the first and two more on a newer tip. */
export const MAX_UNIT_ATTEMPTS = 3;

/** A unit to start: the event `task.ready` without the commit that it starts from. */
export interface Start {
  readonly taskId: string;
  readonly attempt: number;
  readonly feedback?: string;
}

export interface Decision {
  readonly state: GraphState;
  readonly start: readonly Start[];
  /** Stories whose last unit this event integrated. */
  readonly storiesDone: readonly string[];
  /** True when nothing is left to do. */
  readonly finished: boolean;
}

export const planUnits = (plan: Plan): Unit[] => units(plan.programs.map((program) => program.task));

/** The first decision: everything that waits for nothing starts, parallel units together. */
export function startGraph(plan: Plan): Decision {
  const state: GraphState = { version: 0, plan, units: {}, verdicts: {}, finished: false };
  const all = planUnits(plan);
  return next({ ...state, units: Object.fromEntries(all.map((unit) => [unit.id, { status: 'waiting', attempt: 0 }])) }, all, []);
}

/** Undefined when the event is news no longer: the unit is integrated, or another attempt of it is under way. `trace`: context that the event came with. */
export function onIntegrated(state: GraphState, data: Pick<DataOf<typeof taskIntegrated>, 'taskId' | 'attempt' | 'commitSha' | 'evidence'>, trace?: string): Decision | undefined {
  const unit = current(state, data);
  if (unit === undefined) return undefined;
  const all = planUnits(state.plan);
  const integrated: UnitState = { status: 'integrated', attempt: unit.attempt, commitSha: data.commitSha, evidence: data.evidence, ...(trace === undefined ? {} : { trace }) };
  const after = { ...state, units: { ...state.units, [data.taskId]: integrated } };
  const storyId = all.find((candidate) => candidate.id === data.taskId)?.storyId;
  const done = storyId !== undefined && all.filter((candidate) => candidate.storyId === storyId).every((candidate) => after.units[candidate.id]?.status === 'integrated');
  return next(after, all, done ? [storyId] : []);
}

/** As `onIntegrated`; `exhausted` when the unit has had all its attempts. */
export function onConflicted(state: GraphState, data: Pick<DataOf<typeof taskConflicted>, 'taskId' | 'attempt'>, feedback: string): Decision | 'exhausted' | undefined {
  const unit = current(state, data);
  if (unit === undefined) return undefined;
  if (unit.attempt >= MAX_UNIT_ATTEMPTS) return 'exhausted';
  const again = { status: 'started' as const, attempt: unit.attempt + 1 };
  return {
    state: { ...state, version: state.version + 1, units: { ...state.units, [data.taskId]: again } },
    start: [{ taskId: data.taskId, attempt: again.attempt, feedback }], storiesDone: [], finished: false,
  };
}

function current(state: GraphState, data: { readonly taskId: string; readonly attempt: number }): UnitState | undefined {
  const unit = state.units[data.taskId];
  return unit?.status === 'started' && unit.attempt === data.attempt ? unit : undefined;
}

function next(state: GraphState, all: readonly Unit[], storiesDone: readonly string[]): Decision {
  const integrated = all.filter((unit) => state.units[unit.id]?.status === 'integrated').map((unit) => unit.id);
  const start = readyUnits(all, integrated).filter((unit) => state.units[unit.id]?.status === 'waiting').map((unit) => ({ taskId: unit.id, attempt: 1 }));
  const started = Object.fromEntries(start.map(({ taskId, attempt }) => [taskId, { status: 'started' as const, attempt }]));
  const finished = integrated.length === all.length;
  return { state: { ...state, version: state.version + 1, units: { ...state.units, ...started }, finished }, start, storiesDone, finished };
}
