import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import { cancelCascade, retryCascade } from './actions.js';
import { ask, type Trouble } from './api.js';
import { Badge, Burn, cascadeLooks, Empty, GateBadge, Loading, TroubleCard } from './badges.js';
import { budgetUse, deadlineBurn, hasEnded, tierState, tierTitles } from './cascade-model.js';
import { ConfirmButton } from './confirm-button.js';
import { ago, count, duration, many, money, shortRepository, titleOf } from './format.js';
import { Icon } from './icons.js';
import { connection, reconnect } from './live.js';
import { putCascades } from './overview-feed.js';
import { hrefOf } from './routes.js';
import { StartButton } from './start-form.js';
import { cascades, now } from './store.js';
import type { CascadeShort } from './types.js';

/** As many as the overview begins with. */
const PAGE = 100;
const groups = { all: () => true, active: ({ state }) => state === 'running', waiting: ({ state }) => state === 'waiting', completed: ({ state }) => state === 'completed', ended: ({ state }) => hasEnded(state) && state !== 'completed' } as const satisfies Record<string, (cascade: CascadeShort) => boolean>;
type Group = keyof typeof groups;
const groupTitles: Readonly<Record<Group, string>> = { all: 'All', active: 'Running', waiting: 'Waiting', completed: 'Completed', ended: 'Failed or cancelled' };

const group = signal<Group>('all');
const wanted = signal('');

export function CascadeList(): JSX.Element {
  const all = cascades.value;
  const list = [...all?.values() ?? []];
  const words = wanted.value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = list.filter((cascade) => groups[group.value](cascade) && words.every((word) => `${cascade.request} ${cascade.repository} ${cascade.id} ${cascade.state}`.toLowerCase().includes(word)));
  return (
    <div class="page">
      <div class="title-row"><h1 tabIndex={-1}>Cascades</h1><StartButton /></div>
      {list.length > 0 && <Filter list={list} />}
      {all === undefined ? <FirstLook /> : list.length === 0 ? <NoneYet /> : shown.length === 0 ? <Empty icon="search" title="None like this"><button type="button" onClick={() => { group.value = 'all'; wanted.value = ''; }}>Show all</button></Empty> : (
        <ul class="cascades">{shown.map((cascade) => <Row key={cascade.id} cascade={cascade} />)}</ul>
      )}
      {list.length >= PAGE && <Older />}
    </div>
  );
}

function FirstLook(): JSX.Element {
  const at = connection.value;
  return at.state === 'away' ? <TroubleCard trouble={at.trouble} onRetry={reconnect} /> : <Loading lines={4} label="Loading cascades" />;
}

const NoneYet = (): JSX.Element => <Empty icon="branch" title="No cascade yet"><p>Ask for a change to a repository: Cascade writes stories, a specification and tests, then the code that makes them green, and leaves you a branch.</p></Empty>;

function Filter({ list }: { list: readonly CascadeShort[] }): JSX.Element {
  return (
    <div class="filter" role="search" aria-label="Cascades">
      <div class="chips" role="group" aria-label="Which">
        {(Object.keys(groups) as Group[]).map((name) => <button key={name} type="button" class="chip" aria-pressed={group.value === name} onClick={() => { group.value = name; }}>{groupTitles[name]} <span class="quiet">{list.filter(groups[name]).length}</span></button>)}
      </div>
      <label class="search"><Icon name="search" /><span class="hidden">Words of the request, the repository or the id</span><input type="search" placeholder="Filter" value={wanted.value} onInput={(event) => { wanted.value = event.currentTarget.value; }} /></label>
    </div>
  );
}

function Row({ cascade }: { cascade: CascadeShort }): JSX.Element {
  const { id, state, request, repository, branch, createdAt, endedAt, questions, problem, gate } = cascade;
  const title = titleOf(request);
  return (
    <li class="row">
      <div class="row-main">
        <h2><a href={hrefOf({ page: 'cascade', id, tab: 'overview' })}>{title}</a></h2>
        <p class="quiet facts"><Badge look={cascadeLooks[state]} /><span class="mono" title={repository}>{shortRepository(repository)}{branch === undefined ? '' : `@${branch}`}</span><span title={new Date(createdAt).toLocaleString()}>{ago(now.value - Date.parse(createdAt))}</span>{gate !== undefined && <GateBadge gate={gate} />}</p>
        {questions[0] !== undefined && <p class="row-note tone-ask">{questions[0].text.split('\n', 1)[0]!.slice(0, 160)}</p>}
        {problem !== undefined && state !== 'cancelled' && <p class="row-note tone-red">{problem.message.slice(0, 160)}</p>}
      </div>
      <MiniRoad cascade={cascade} />
      <div class="row-time">{endedAt === undefined ? <DeadlineBurn cascade={cascade} /> : <span class="quiet">took {duration(Date.parse(endedAt) - Date.parse(createdAt))}</span>}</div>
      <div class="row-spend"><Spend cascade={cascade} /></div>
      <div class="row-actions">
        {!hasEnded(state) && <ConfirmButton icon="stop" label="Cancel" class="small ghost" title="Cancel this cascade?" confirm="Cancel the cascade" asks="Why (optional)" onConfirm={(reason) => cancelCascade(cascade, reason || 'Cancelled in the dashboard.')}>“{title}” ends, and everything it made is taken back.</ConfirmButton>}
        {hasEnded(state) && state !== 'completed' && <button type="button" class="small ghost" aria-label={`Retry: ${title}`} onClick={() => void retryCascade(cascade)}><Icon name="retry" />Retry</button>}
      </div>
    </li>
  );
}

/** Where it is on its road, in four pieces. */
function MiniRoad({ cascade: { tier = 0, state } }: { cascade: CascadeShort }): JSX.Element {
  const reached = state === 'completed' ? 'all four tiers done' : `tier ${tier + 1} of 4, ${tierTitles[tier] ?? ''}`;
  return (
    <div class="mini-road">
      <span class="pieces" aria-hidden="true">{tierTitles.map((name, at) => <span key={name} class={`piece is-${tierState(at, tier, state)}`} />)}</span>
      <span class="quiet">{state === 'completed' ? 'Done' : tierTitles[tier]}<span class="hidden">: {reached}</span></span>
    </div>
  );
}

export function DeadlineBurn({ cascade }: { cascade: CascadeShort }): JSX.Element | null {
  const burn = deadlineBurn(cascade, now.value);
  if (burn === undefined) return null;
  return <Burn used={burn.used} label="Deadline">{burn.isPaused ? `${duration(burn.leftMs)} left, paused` : burn.leftMs === 0 ? 'out of time' : `${duration(burn.leftMs)} left`}</Burn>;
}

export function Spend({ cascade }: { cascade: CascadeShort }): JSX.Element {
  const { spend } = cascade;
  const tokens = spend.promptTokens + spend.completionTokens;
  const used = budgetUse(cascade);
  const text = [spend.usd > 0 || spend.budget.usd !== undefined ? `${money(spend.usd)}${spend.budget.usd === undefined ? '' : ` of ${money(spend.budget.usd)}`}` : '', `${count(tokens)}${spend.budget.tokens === undefined ? '' : ` of ${count(spend.budget.tokens)}`} tokens`].filter(Boolean).join(' · ');
  return used === undefined ? <span class="quiet" title={many(spend.calls, 'call')}>{text}</span> : <Burn used={used} label="Budget">{text}</Burn>;
}

function Older(): JSX.Element | null {
  const [next, setNext] = useState<string | null | undefined>(undefined);
  const [trouble, setTrouble] = useState<Trouble>();
  const more = async (): Promise<void> => {
    // The first page is what the overview told already: its cursor is all that is wanted of it.
    const first = next ?? (await ask<{ next?: string }>('GET', `/v1/cascades?limit=${PAGE}`).then((answer) => (answer.ok ? answer.value.next : undefined)));
    if (first === undefined || first === null) return setNext(null);
    const answer = await ask<{ cascades: CascadeShort[]; next?: string }>('GET', `/v1/cascades?limit=${PAGE}&cursor=${encodeURIComponent(first)}`);
    if (!answer.ok) return setTrouble(answer.trouble);
    putCascades(answer.value.cascades);
    setNext(answer.value.next ?? null);
  };
  if (trouble !== undefined) return <TroubleCard trouble={trouble} onRetry={() => setTrouble(undefined)} />;
  return next === null ? null : <p class="centre"><button type="button" onClick={() => void more()}>Show older ones</button></p>;
}
