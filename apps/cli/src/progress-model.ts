import { tierNames, type Progress, type TaskStatus } from '@cascade/contracts';
import type { CascadeRecord, TimelineLine } from '@cascade/state';

export interface TaskView {
  readonly id: string;
  readonly status: TaskStatus;
  readonly text: string;
}

export interface TierView {
  readonly tier: number;
  readonly name: string;
  readonly state: 'waiting' | 'active' | 'done' | 'failed';
  /** Its latest line. */
  readonly text: string;
}

/** The tier that a service is; undefined for those beside the road. */
export function tierOfService(service: string): number | undefined {
  const tier = Number(/^agent-(\d)0-/.exec(service)?.[1] ?? Number.NaN);
  return Number.isInteger(tier) && tier < tierNames.length ? tier : undefined;
}

export const tierName = (tier: number): string => `${tier} ${tierNames[tier] ?? ''}`.trim();

/** What a cascade's timeline and record add up to: four tiers, each with its latest line, and the tasks. */
export class ProgressModel {
  record: CascadeRecord | undefined;
  private readonly latest = new Map<number, string>();
  private readonly byTask = new Map<string, TaskView>();
  private reached = 0;

  apply({ service, line }: TimelineLine): void {
    const tier = tierOfService(service) ?? (line.kind === 'task' ? 3 : undefined);
    if (line.taskId !== undefined && line.status !== undefined) this.applyTask(line.taskId, line.status, line);
    if (tier === undefined) return;
    this.reached = Math.max(this.reached, tier);
    if (line.taskId === undefined) this.latest.set(tier, line.text);
  }

  private applyTask(id: string, status: TaskStatus, line: Progress): void {
    this.byTask.set(id, { id, status, text: line.text });
  }

  /** By id. */
  get tasks(): TaskView[] {
    return [...this.byTask.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  private waiting(): string {
    const { questions = [], deadlineLeftMs } = this.record ?? {};
    return `waits for you: ${questions.map((question) => question.name).join(', ')}${deadlineLeftMs === undefined ? '' : ', deadline paused'}`;
  }

  get tiers(): TierView[] {
    const state = this.record?.state;
    const current = Math.max(this.reached, this.record?.tier ?? 0);
    return tierNames.map((name, tier) => ({ tier, name, text: tier === current && state === 'waiting' ? this.waiting() : (this.latest.get(tier) ?? ''), state: tierState(tier, current, state) }));
  }
}

function tierState(tier: number, current: number, state: CascadeRecord['state'] | undefined): TierView['state'] {
  if (tier < current || state === 'completed') return 'done';
  if (tier > current) return 'waiting';
  return state === undefined || state === 'running' || state === 'waiting' ? 'active' : 'failed';
}
