import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { setToken, token } from './api.js';
import { Empty } from './badges.js';
import { CascadeList } from './cascade-list.js';
import { CascadePage } from './cascade-page.js';
import { many } from './format.js';
import { Icon } from './icons.js';
import { ConnectionState } from './connection-state.js';
import { followOverview } from './overview-feed.js';
import { hrefOf } from './routes.js';
import { announcement, deadLetters, focusHeading, forget, notes, route } from './store.js';
import { StreamsPage } from './streams-page.js';
import { TokenDialog } from './token-dialog.js';

export function App(): JSX.Element {
  const { page } = route.value;
  useFocusOnNavigation();
  // A cascade's page reads the stream of that cascade instead.
  useEffect(() => (page === 'cascade' ? undefined : followOverview()), [page === 'cascade', token.value]);
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>Skip to content</a>
      <Header />
      <main id="main" tabIndex={-1}><Page /></main>
      <Notes />
      <div class="hidden" role="status" aria-live="polite">{announcement.value}</div>
      <TokenDialog />
    </>
  );
}

/** The address is the route's; the link only moves the focus. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function Page(): JSX.Element {
  const at = route.value;
  switch (at.page) {
    case 'cascades': return <CascadeList />;
    case 'streams': return <StreamsPage />;
    case 'cascade': return <CascadePage key={at.id} id={at.id} />;
    case 'unknown': return <Empty icon="search" title="There is nothing at this address"><a href={hrefOf({ page: 'cascades' })}>All cascades</a></Empty>;
  }
}

function Header(): JSX.Element {
  const { page } = route.value;
  const letters = deadLetters.value;
  return (
    <header class="top">
      <a class="brand" href={hrefOf({ page: 'cascades' })}><img src="/dashboard/icon.svg" alt="" width="22" height="22" />Cascade</a>
      <nav aria-label="Main">
        <a href={hrefOf({ page: 'cascades' })} aria-current={page === 'cascades' ? 'page' : page === 'cascade' ? 'true' : undefined}>Cascades</a>
        <a href={hrefOf({ page: 'streams' })} aria-current={page === 'streams' ? 'page' : undefined}>
          Streams{letters > 0 && <span class="count tone-red" title={many(letters, 'dead letter')}>{letters}<span class="hidden"> dead letters</span></span>}
        </a>
      </nav>
      <ConnectionState />
      {token.value !== '' && <button type="button" class="ghost" onClick={() => setToken('')}>Forget token</button>}
    </header>
  );
}

function useFocusOnNavigation(): void {
  const { page } = route.value;
  const id = route.value.page === 'cascade' ? route.value.id : '';
  useEffect(() => {
    (document.activeElement as HTMLElement | null)?.blur(); // what had it may be of the page before
    focusHeading();
  }, [page, id]);
}

function Notes(): JSX.Element {
  return (
    <div class="notes" aria-live="polite">
      {notes.value.map(({ id, kind, text }) => (
        <div key={id} class={`note ${kind}`} role={kind === 'trouble' ? 'alert' : undefined}>
          <Icon name={kind === 'done' ? 'check' : 'warning'} ringed /><span>{text}</span>
          <button type="button" class="ghost" aria-label="Close this message" onClick={() => forget(id)}><Icon name="cross" /></button>
        </div>
      ))}
    </div>
  );
}
