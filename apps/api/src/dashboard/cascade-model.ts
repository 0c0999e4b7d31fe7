import type { CascadeShort, CascadeState, CascadeView, Story, Task, TaskStatus, TimelineLine } from './types.js';

export const tierTitles = ['Stories', 'Specification', 'Programs', 'Execution'] as const;

/** `stopped`: the cascade ended before it was done. */
export type TaskState = TaskStatus | 'stopped';

export interface TaskModel extends Task {
  readonly state: TaskState;
  /** What happened to it, oldest first. */
  readonly steps: readonly { readonly at: string; readonly text: string; readonly status: TaskStatus }[];
}

export interface TierModel {
  readonly tier: number;
  readonly title: string;
  readonly state: 'waiting' | 'active' | 'asking' | 'done' | 'failed';
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** What it said last. */
  readonly text: string;
}

export interface StoryModel extends Story {
  /** Why its gate is what it is; what the gate said in the timeline until the summary is there. */
  readonly reasons: readonly string[];
  readonly tasks: readonly TaskModel[];
}

export interface CascadeModel {
  readonly tiers: readonly TierModel[];
  readonly tasks: readonly TaskModel[];
  readonly stories: readonly StoryModel[];
  readonly done: number;
}

export const hasEnded = (state: CascadeState): boolean => state !== 'running' && state !== 'waiting';

/** What a cascade's snapshot and its timeline add up to; the timeline is newer than the snapshot, the snapshot knows more. */
export function modelOf(view: CascadeView, lines: readonly TimelineLine[]): CascadeModel {
  const tasks = tasksOf(view, lines);
  const proved = tasks.map((task) => (task.kind === 'test' && !isPast(task.state) ? { ...task, state: provedBy(task, tasks) } : task));
  return {
    tiers: tiersOf(view, lines), tasks: proved, done: proved.filter(({ state }) => state === 'integrated').length,
    stories: view.stories.toSorted((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true })).map((story) => ({ ...story, reasons: reasonsOf(view, story, lines), tasks: proved.filter(({ storyId }) => storyId === story.id) })),
  };
}

function tasksOf(view: CascadeView, lines: readonly TimelineLine[]): TaskModel[] {
  const steps = new Map<string, TaskModel['steps'][number][]>();
  for (const { at, line: { taskId, status, text } } of lines) {
    if (taskId === undefined || status === undefined) continue;
    const known = steps.get(taskId) ?? [];
    known.push({ at, text, status });
    steps.set(taskId, known);
  }
  const over = hasEnded(view.state) && view.state !== 'completed';
  return view.tasks.map((task) => {
    const own = steps.get(task.id) ?? [];
    const state = task.status === 'Done' ? 'integrated' : own.at(-1)?.status ?? 'waiting';
    return { ...task, steps: own, state: over && state !== 'integrated' && state !== 'failed' ? 'stopped' : state };
  });
}

const isPast = (state: TaskState): boolean => state === 'integrated' || state === 'stopped' || state === 'failed';

/** Tests are red until the code that depends on them makes them pass; they are merged with it. */
function provedBy(test: TaskModel, tasks: readonly TaskModel[]): TaskState {
  const code = tasks.filter(({ kind, dependsOn, storyId }) => kind === 'code' && storyId === test.storyId && dependsOn.includes(test.id)).map(({ state }) => state);
  if (test.state !== 'red') return test.state;
  if (code.includes('integrated')) return 'integrated';
  return code.includes('green') || code.includes('integrating') ? 'green' : 'red';
}

/** The tier that a service is. */
export function tierOf(service: string): number | undefined {
  const tier = /^agent-([0-3])0-/.exec(service)?.[1];
  return tier === undefined ? undefined : Number(tier);
}

function tiersOf(view: CascadeView, lines: readonly TimelineLine[]): TierModel[] {
  const first = new Map<number, string>();
  const latest = new Map<number, string>();
  for (const { at, service, line } of lines) {
    const tier = tierOf(service);
    if (tier === undefined) continue;
    if (!first.has(tier)) first.set(tier, at);
    if (line.taskId === undefined && line.kind !== 'artefact') latest.set(tier, line.text);
  }
  const reached = Math.max(view.tier ?? 0, ...first.keys());
  return tierTitles.map((title, tier) => {
    const [startedAt, endedAt] = [first.get(tier), first.get(tier + 1) ?? view.endedAt];
    return { tier, title, state: tierState(tier, reached, view.state), text: latest.get(tier) ?? '', ...(startedAt === undefined ? {} : { startedAt }), ...(endedAt === undefined ? {} : { endedAt }) };
  });
}

export function tierState(tier: number, reached: number, state: CascadeState): TierModel['state'] {
  if (tier < reached || state === 'completed') return 'done';
  if (tier > reached) return 'waiting';
  if (state === 'waiting') return 'asking';
  return state === 'running' ? 'active' : 'failed';
}

function reasonsOf(view: CascadeView, story: Story, lines: readonly TimelineLine[]): readonly string[] {
  const known = view.summary?.stories.find(({ id }) => id === story.id)?.reasons;
  if (known !== undefined) return known;
  const said = lines.findLast(({ line }) => line.kind === 'gate' && line.storyId === story.id)?.line.text;
  const reasons = said === undefined ? undefined : /gate [A-Z]+ \((.*)\)$/s.exec(said)?.[1];
  return reasons === undefined ? [] : reasons.split('; ');
}

/** How much of its time a cascade has used; undefined when it has ended. A deadline that is paused burns no further. */
export function deadlineBurn({ createdAt, deadline, deadlineLeftMs, endedAt }: CascadeShort, now: number): { readonly leftMs: number; readonly used: number; readonly isPaused: boolean } | undefined {
  if (endedAt !== undefined) return undefined;
  const isPaused = deadlineLeftMs !== undefined;
  const leftMs = Math.max(0, deadlineLeftMs ?? Date.parse(deadline) - now);
  const passedMs = Math.max(0, now - Date.parse(createdAt));
  return { leftMs, isPaused, used: leftMs === 0 ? 1 : passedMs / (passedMs + leftMs) };
}

/** The larger part of a budget that is spent, 0 to 1; undefined without one. */
export function budgetUse({ spend }: Pick<CascadeShort, 'spend'>): number | undefined {
  const { budget, promptTokens, completionTokens, usd } = spend;
  const parts = [...(budget.usd === undefined ? [] : [usd / budget.usd]), ...(budget.tokens === undefined ? [] : [(promptTokens + completionTokens) / budget.tokens])];
  return parts.length === 0 ? undefined : Math.min(1, Math.max(...parts));
}
