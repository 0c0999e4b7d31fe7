import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { taskLooks } from './badges.js';
import type { TaskModel } from './cascade-model.js';
import { layOutGraph } from './graph-layout.js';
import { Icon, type IconName } from './icons.js';
import { hrefOf } from './routes.js';

const NODE = { width: 189, height: 98 };
const GAP = { x: 32, y: 12 };
const kindIcons: Readonly<Record<string, IconName>> = { test: 'test', code: 'code', chore: 'gear' };
const left = (column: number): number => column * (NODE.width + GAP.x);
const top = (row: number, rows: number, all: number): number => (row + (all - rows) / 2) * (NODE.height + GAP.y);

/** Tasks from left to right, each right of what it needs: lines in SVG, tasks as links in the order of the work. */
export function TaskGraph({ id, tasks, selected }: { id: string; tasks: readonly TaskModel[]; selected: string | undefined }): JSX.Element {
  const layout = useMemo(() => layOutGraph(tasks), [tasks.map((task) => `${task.id}<${task.dependsOn.join()}`).join(' ')]);
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const inColumn = (column: number): number => layout.nodes.filter((node) => node.column === column).length;
  const at = new Map(layout.nodes.map((node) => [node.id, { x: left(node.column), y: top(node.row, inColumn(node.column), layout.rows) }]));
  const size = { width: left(layout.columns) - GAP.x, height: layout.rows * (NODE.height + GAP.y) - GAP.y };
  return (
    <div class="scroll graph" tabIndex={0} role="region" aria-label="Task graph">
      <div class="graph-inner" style={{ width: `${size.width}px`, height: `${size.height}px` }}>
        <svg width={size.width} height={size.height} aria-hidden="true">
          {layout.edges.map(({ from, to }) => <path key={`${from} ${to}`} d={curve(at.get(from)!, at.get(to)!)} class={`edge${byId.get(from)?.state === 'integrated' || byId.get(from)?.state === 'green' ? ' is-done' : ''}`} />)}
        </svg>
        <ol>{layout.nodes.map((node) => <Node key={node.id} cascadeId={id} task={byId.get(node.id)!} place={at.get(node.id)!} isSelected={node.id === selected} />)}</ol>
      </div>
    </div>
  );
}

function curve(from: { x: number; y: number }, to: { x: number; y: number }): string {
  const [x1, y1, x2, y2] = [from.x + NODE.width, from.y + NODE.height / 2, to.x, to.y + NODE.height / 2];
  const bend = Math.min(60, (x2 - x1) / 2);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

function Node({ cascadeId, task, place, isSelected }: { cascadeId: string; task: TaskModel; place: { x: number; y: number }; isSelected: boolean }): JSX.Element {
  const look = taskLooks[task.state];
  const needs = task.dependsOn.length === 0 ? '' : `, needs ${task.dependsOn.join(', ')}`;
  return (
    <li style={{ left: `${place.x}px`, top: `${place.y}px`, width: `${NODE.width}px`, height: `${NODE.height}px` }}>
      <a class={`node tone-${look.tone} is-${task.state}`} href={hrefOf({ page: 'cascade', id: cascadeId, tab: 'overview', ...(isSelected ? {} : { task: task.id }) })} aria-current={isSelected ? 'true' : undefined} title={task.title}>
        <span class="node-head"><Icon name={kindIcons[task.kind ?? ''] ?? 'code'} /><span class="mono">{task.id}</span><span class="hidden">, {task.kind}{needs}: </span><Proof task={task} /></span>
        <span class="node-title">{task.title}</span>
        <span class={`node-state tone-${look.tone}`}><Icon name={look.icon} ringed spins={look.spins ?? false} />{look.word}</span>
      </a>
    </li>
  );
}

/** Red, then green: how far a task's proof is. */
function Proof({ task }: { task: TaskModel }): JSX.Element | null {
  if (task.kind === 'chore') return null;
  const isGreen = ['green', 'integrating', 'integrated'].includes(task.state);
  const isRed = isGreen || ['red', 'implementing', 'conflicted'].includes(task.state);
  return <span class="proof" aria-hidden="true"><i class={isRed ? 'was-red' : ''} /><i class={isGreen ? 'was-green' : ''} /></span>;
}
