import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { ask, cascadePath, type Trouble } from './api.js';
import { cascadeLooks, taskLooks } from './badges.js';
import { hasEnded, modelOf, type CascadeModel } from './cascade-model.js';
import { titleOf } from './format.js';
import { follow } from './live.js';
import { announce } from './store.js';
import type { CascadeShort, CascadeView, TimelineLine } from './types.js';

/** Lines that are kept; the oldest go. */
export const MAX_LINES = 10_000;
/** The snapshot is asked for again at most so often, in milliseconds. */
const SNAPSHOT_MS = 1_000;
/** What these say is in the snapshot, too. */
const inSnapshot = new Set(['task', 'story', 'gate', 'artefact', 'tier']);

export interface CascadeFeed {
  readonly view: ReadonlySignal<CascadeView | undefined>;
  readonly lines: ReadonlySignal<readonly TimelineLine[]>;
  readonly model: ReadonlySignal<CascadeModel | undefined>;
  readonly trouble: ReadonlySignal<Trouble | undefined>;
  /** Grows with what the group chat says. */
  readonly rounds: ReadonlySignal<number>;
  readonly refresh: () => void;
  readonly stop: () => void;
}

/** One cascade: its snapshot, and its timeline as it grows. */
export function followCascade(id: string): CascadeFeed {
  const [view, lines, trouble] = [signal<CascadeView>(), signal<readonly TimelineLine[]>([]), signal<Trouble>()] as const;
  const refresh = snapshots(id, view, trouble);
  let fresh: TimelineLine[] = [];
  let drawing = 0;
  const draw = (): void => {
    drawing = 0;
    lines.value = [...lines.peek(), ...fresh].slice(-MAX_LINES);
    fresh = [];
  };
  refresh();
  const stop = follow({
    path: `${cascadePath(id)}/events`,
    onEvent: ({ name, data }) => {
      if (name === 'progress') {
        const line = JSON.parse(data) as TimelineLine;
        fresh.push(line);
        if (drawing === 0) drawing = setTimeout(draw, 50) as unknown as number;
        if (inSnapshot.has(line.line.kind)) refresh();
        tellTask(line);
      } else tellState(view, JSON.parse(data) as CascadeShort, refresh);
    },
  });
  return {
    view, lines, trouble, refresh, stop: () => { stop(); refresh.stop(); clearTimeout(drawing); },
    model: computed(() => (view.value === undefined ? undefined : modelOf(view.value, lines.value))),
    rounds: computed(() => lines.value.filter(({ line: { kind } }) => kind === 'round').length),
  };
}

/** Asks for the snapshot; again when asked while it is on its way, but not more often than is of use. */
function snapshots(id: string, view: Signal<CascadeView | undefined>, trouble: Signal<Trouble | undefined>): { (): void; stop(): void } {
  let [isBusy, isWanted, timer] = [false, false, 0 as unknown as ReturnType<typeof setTimeout>];
  const look = async (): Promise<void> => {
    [isBusy, isWanted] = [true, false];
    const answer = await ask<CascadeView>('GET', cascadePath(id));
    if (answer.ok) view.value = answer.value;
    trouble.value = answer.ok || (view.peek() !== undefined && answer.trouble.status === 0) ? undefined : answer.trouble;
    timer = setTimeout(() => {
      isBusy = false;
      if (isWanted) void look();
    }, SNAPSHOT_MS);
  };
  const refresh = (): void => {
    if (isBusy) isWanted = true;
    else void look();
  };
  return Object.assign(refresh, { stop: () => clearTimeout(timer) });
}

/** What a list shows of it is newer than the snapshot. */
function tellState(view: Signal<CascadeView | undefined>, short: CascadeShort, refresh: () => void): void {
  const before = view.peek();
  if (before === undefined || before.state !== short.state || before.tier !== short.tier || hasEnded(short.state)) refresh();
  if (before !== undefined) view.value = { ...before, ...short };
  if (before !== undefined && before.state !== short.state) announce(`${titleOf(short.request, 60)}: ${cascadeLooks[short.state].word}`);
}

function tellTask({ at, line: { taskId, status } }: TimelineLine): void {
  const isNew = Date.now() - Date.parse(at) < 10_000;
  if (isNew && taskId !== undefined && status !== undefined && ['red', 'green', 'integrated', 'conflicted', 'failed'].includes(status)) announce(`Task ${taskId}: ${taskLooks[status].word}`);
}
