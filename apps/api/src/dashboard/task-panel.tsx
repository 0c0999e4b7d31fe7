import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Badge, taskLooks } from './badges.js';
import type { TaskModel } from './cascade-model.js';
import { Changes } from './changes.js';
import { clock, many } from './format.js';
import { Icon } from './icons.js';
import { hrefOf } from './routes.js';

const kinds: Readonly<Record<string, string>> = { test: 'Test task', code: 'Code task', chore: 'Chore' };

/** One task: how it went from red to green, and what it changed. */
export function TaskPanel({ cascadeId, task }: { cascadeId: string; task: TaskModel }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: 'nearest' });
  }, [task.id]);
  return (
    <section class="card task-panel" aria-labelledby="task-title">
      <div class="section-row">
        <h2 id="task-title" ref={heading} tabIndex={-1}><span class="quiet mono">{task.id}</span> {task.title}</h2>
        <a class="button ghost" href={hrefOf({ page: 'cascade', id: cascadeId, tab: 'overview' })} aria-label="Close this task"><Icon name="cross" /></a>
      </div>
      <p class="facts quiet">
        <Badge look={taskLooks[task.state]} /><span>{kinds[task.kind ?? ''] ?? 'Task'}{task.storyId === undefined ? '' : ` of story ${task.storyId}`}</span>
        {task.dependsOn.length > 0 && <span>needs {task.dependsOn.join(', ')}</span>}
        {task.redTests !== undefined && task.redTests > 0 && <span>{many(task.redTests, 'test')} from red to green{task.attempts === undefined || task.attempts === 0 ? '' : ` in ${many(task.attempts, 'run')}`}</span>}
      </p>
      {task.steps.length > 0 && <Steps task={task} />}
      <h3>What it changed</h3>
      {task.state === 'integrated' ? <Changes id={cascadeId} task={task.id} version="" /> : <p class="quiet">It is shown when the task is merged.</p>}
    </section>
  );
}

function Steps({ task }: { task: TaskModel }): JSX.Element {
  return (
    <ol class="steps">
      {task.steps.map(({ at, text, status }, index) => {
        const look = taskLooks[status];
        return <li key={index} class={`tone-${look.tone}`}><Icon name={look.icon} ringed /><time class="quiet mono" dateTime={at}>{clock(at)}</time><span class="step-word">{look.word}</span><span class="quiet">{text === task.title ? '' : text}</span></li>;
      })}
    </ol>
  );
}
