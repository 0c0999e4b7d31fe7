import type { ComponentChildren, JSX } from 'preact';
import { GateBadge } from './badges.js';
import { DeadlineBurn, Spend } from './cascade-list.js';
import type { CascadeModel, StoryModel } from './cascade-model.js';
import { count, date, duration, many } from './format.js';
import { Road } from './road.js';
import { hrefOf } from './routes.js';
import { now } from './store.js';
import { TaskGraph } from './task-graph.js';
import { TaskPanel } from './task-panel.js';
import type { CascadeView } from './types.js';

/** A cascade at one look: its road, its tasks, its stories, what it costs. */
export function Overview({ view, model, selected }: { view: CascadeView; model: CascadeModel; selected: string | undefined }): JSX.Element {
  const task = model.tasks.find(({ id }) => id === selected);
  return (
    <div class="columns">
      <div class="main-column">
        <Road model={model} isOver={view.endedAt !== undefined} />
        <section class="card" aria-labelledby="tasks-title">
          <div class="section-row"><h2 id="tasks-title">Tasks</h2>{model.tasks.length > 0 && <span class="quiet">{model.done} of {model.tasks.length} merged</span>}</div>
          {model.tasks.length === 0 ? <p class="quiet">{view.endedAt === undefined ? 'They are there when the specification is written.' : 'It ended before there were any.'}</p> : <TaskGraph id={view.id} tasks={model.tasks} selected={selected} />}
        </section>
        {task !== undefined && <TaskPanel cascadeId={view.id} task={task} />}
        <Stories view={view} stories={model.stories} />
      </div>
      <aside class="side-column" aria-label="Facts"><Facts view={view} /></aside>
    </div>
  );
}

function Stories({ view, stories }: { view: CascadeView; stories: readonly StoryModel[] }): JSX.Element {
  return (
    <section class="card" aria-labelledby="stories-title">
      <h2 id="stories-title">Stories</h2>
      {stories.length === 0 ? <p class="quiet">{view.endedAt === undefined ? 'They are there when the team has agreed on them.' : 'It ended before there were any.'}</p> : (
        <ul class="stories">
          {stories.map((story) => (
            <li key={story.id}>
              <div class="section-row"><h3><span class="quiet mono">{story.id}</span> <a href={hrefOf({ page: 'cascade', id: view.id, tab: 'files', file: story.documentPath })}>{story.title}</a></h3>{story.gate === undefined ? <span class="quiet">No gate yet</span> : <GateBadge gate={story.gate} />}</div>
              <p class="quiet">{many(story.tasks.length, 'task')}, {story.tasks.filter(({ state }) => state === 'integrated').length} merged{story.riskScore === undefined ? '' : ` · highest risk ${story.riskScore} of 9`}{story.gatePath !== undefined && story.gate !== undefined && <> · <a href={hrefOf({ page: 'cascade', id: view.id, tab: 'files', file: story.gatePath })}>the gate in full</a></>}</p>
              {story.reasons.length > 0 && <ul class="reasons">{story.reasons.map((reason) => <li key={reason}>{reason}</li>)}</ul>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Facts({ view }: { view: CascadeView }): JSX.Element {
  const { createdAt, endedAt, spend, gate, summary } = view;
  return (
    <div class="card facts-card">
      <h2>Facts</h2>
      <dl>
        {gate !== undefined && <Fact name="Result"><GateBadge gate={gate} /></Fact>}
        {summary !== undefined && <Fact name="Branch"><span class="mono wrap">{summary.branch}</span></Fact>}
        <Fact name={endedAt === undefined ? 'Running for' : 'Took'}>{duration((endedAt === undefined ? now.value : Date.parse(endedAt)) - Date.parse(createdAt))}</Fact>
        {endedAt === undefined && <Fact name="Deadline"><DeadlineBurn cascade={view} /></Fact>}
        <Fact name="Spend"><Spend cascade={view} /></Fact>
        <Fact name="Model">{many(spend.calls, 'call')}<br /><span class="quiet">{count(spend.promptTokens)} tokens in, {count(spend.completionTokens)} out</span></Fact>
        <Fact name="Repository"><span class="mono wrap">{view.repository}</span>{view.branch !== undefined && <><br /><span class="quiet">from {view.branch}</span></>}</Fact>
        <Fact name="Asked for">{date(createdAt)}</Fact>
        {endedAt !== undefined && <Fact name="Ended">{date(endedAt)}</Fact>}
      </dl>
      {view.state === 'completed' && summary !== undefined && <p><a class="button" href={hrefOf({ page: 'cascade', id: view.id, tab: 'files', file: `docs/qa/reports/epic-${/^cascade\/(\d+)-/.exec(summary.branch)?.[1] ?? '1'}-report.md` })}>Read the report</a></p>}
    </div>
  );
}

const Fact = ({ name, children }: { name: string; children: ComponentChildren }): JSX.Element => <div><dt>{name}</dt><dd>{children}</dd></div>;
