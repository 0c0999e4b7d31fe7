import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { cancelCascade, retryCascade } from './actions.js';
import { token } from './api.js';
import { Badge, cascadeLooks, Loading, TroubleCard } from './badges.js';
import { followCascade, type CascadeFeed } from './cascade-feed.js';
import { hasEnded } from './cascade-model.js';
import { ConfirmButton } from './confirm-button.js';
import { Changes } from './changes.js';
import { Discussion } from './discussion.js';
import { Files } from './files.js';
import { titleOf } from './format.js';
import { Icon } from './icons.js';
import { Markdown } from './markdown-view.js';
import { Overview } from './overview.js';
import { Questions } from './questions.js';
import { hrefOf, tabs, type Tab } from './routes.js';
import { focusHeading, route } from './store.js';
import { Timeline } from './timeline.js';
import type { CascadeView } from './types.js';

const tabTitles: Readonly<Record<Tab, string>> = { overview: 'Overview', discussion: 'Discussion', files: 'Files', changes: 'Changes', timeline: 'Timeline' };

export function CascadePage({ id }: { id: string }): JSX.Element {
  const feed = useMemo(() => followCascade(id), [id, token.value]);
  useEffect(() => () => feed.stop(), [feed]);
  const [view, trouble] = [feed.view.value, feed.trouble.value];
  useEffect(() => {
    document.title = view === undefined ? 'Cascade' : `${cascadeLooks[view.state].word} · ${titleOf(view.request, 50)} · Cascade`;
    return () => { document.title = 'Cascade'; };
  }, [view?.state, view?.request]);
  if (view === undefined) return <div class="page"><h1 tabIndex={-1} class="hidden">Cascade</h1>{trouble === undefined ? <Loading lines={6} label="Loading the cascade" /> : <TroubleCard trouble={trouble} onRetry={feed.refresh} />}</div>;
  return (
    <div class="page">
      <Head view={view} />
      <Questions view={view} onAnswered={feed.refresh} />
      <Ending view={view} />
      <Tabs id={id} />
      <Content view={view} feed={feed} />
    </div>
  );
}

function Head({ view }: { view: CascadeView }): JSX.Element {
  const title = titleOf(view.request);
  useEffect(focusHeading, []); // the heading that had the focus was there while this was loading
  return (
    <>
      <p class="crumbs"><a href={hrefOf({ page: 'cascades' })}>Cascades</a> <span aria-hidden="true">/</span> <span class="mono">{view.id}</span></p>
      <div class="title-row">
        <div class="title-text"><h1 tabIndex={-1}>{title}</h1><Badge look={cascadeLooks[view.state]} /></div>
        {hasEnded(view.state)
          ? view.state !== 'completed' && <button type="button" class="primary" onClick={() => void retryCascade(view)}><Icon name="retry" />Retry</button>
          : <ConfirmButton icon="stop" label="Cancel" title="Cancel this cascade?" confirm="Cancel the cascade" asks="Why (optional)" onConfirm={(reason) => cancelCascade(view, reason || 'Cancelled in the dashboard.')}>It ends, and everything it made is taken back.</ConfirmButton>}
      </div>
      {view.request.trim() !== title && <details class="request"><summary>The whole request</summary><div class="card"><Markdown text={view.request} level={2} /></div></details>}
    </>
  );
}

/** Why it ended, and what is left of it. */
function Ending({ view: { problem, state, cleanUp, cleanUpProblem } }: { view: CascadeView }): JSX.Element {
  return (
    <>
      {problem !== undefined && state !== 'cancelled' && <TroubleCard trouble={{ status: 0, code: problem.code, text: problem.message, advice: problem.advice, findings: problem.findings }} />}
      {problem !== undefined && state === 'cancelled' && <p class="card quiet">Cancelled: {problem.message}</p>}
      {cleanUp === 'parked' && <TroubleCard trouble={{ status: 0, code: cleanUpProblem?.code ?? '', text: `Something it made could not be taken back. ${cleanUpProblem?.message ?? ''}`, advice: '`cascade clean-up` tries again.' }} />}
    </>
  );
}

function Tabs({ id }: { id: string }): JSX.Element {
  const at = route.value.page === 'cascade' ? route.value.tab : 'overview';
  return <nav class="tabs" aria-label="Of this cascade">{tabs.map((tab) => <a key={tab} href={hrefOf({ page: 'cascade', id, tab })} aria-current={at === tab ? 'page' : undefined}>{tabTitles[tab]}</a>)}</nav>;
}

function Content({ view, feed }: { view: CascadeView; feed: CascadeFeed }): JSX.Element | null {
  const [at, model] = [route.value, feed.model.value];
  if (at.page !== 'cascade' || model === undefined) return null;
  switch (at.tab) {
    case 'overview': return <Overview view={view} model={model} selected={at.task} />;
    case 'discussion': return <Discussion id={view.id} rounds={feed.rounds.value} isLive={!hasEnded(view.state) && (view.tier ?? 0) === 0} />;
    case 'files': return <Files view={view} file={at.file} />;
    case 'changes': return <Changes id={view.id} version={`${model.done} ${view.state}`} />;
    case 'timeline': return <Timeline lines={feed.lines.value} />;
  }
}
