import { signal } from '@preact/signals';
import { away, headers, troubleOf, type Trouble } from './api.js';
import { SseParser, type ServerEvent } from './sse-parser.js';

/** The server says every 15 s that the connection lives; without a word for so long it does not, in milliseconds. */
const SILENCE_MS = 40_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;

export type Connection =
  | { readonly state: 'connecting' | 'live' | 'ended' }
  /** `at`: when it is tried again, in milliseconds. */
  | { readonly state: 'away'; readonly trouble: Trouble; readonly at: number };

/** How the one stream stands that this page reads: browsers give a site six connections, for all of its pages together. */
export const connection = signal<Connection>({ state: 'connecting' });

let wake: (() => void) | undefined;
/** Tries again at once. */
export const reconnect = (): void => wake?.();

export interface Feed {
  readonly path: string;
  readonly onEvent: (event: ServerEvent) => void;
}

/**
 * Follows a stream of events until the returned function is called: again after every loss, from the event that came last.
 * `EventSource` does not do: it sends no token. While nobody looks at the page, the stream is closed.
 */
export function follow(feed: Feed): () => void {
  const stop = new AbortController();
  void run(feed, stop.signal);
  return () => stop.abort();
}

async function run({ path, onEvent }: Feed, stop: AbortSignal): Promise<void> {
  let [last, failures] = ['', 0];
  connection.value = { state: 'connecting' };
  while (!stop.aborted) {
    await whileHidden(stop);
    const outcome = await readOnce(path, last, stop, (event) => {
      [last, failures] = [event.id, 0];
      onEvent(event);
    });
    if (stop.aborted) return;
    if (outcome === 'hidden') continue;
    if (outcome === 'ended') return void (connection.value = { state: 'ended' });
    const waitMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures) * (0.75 + Math.random() / 4);
    failures += 1;
    connection.value = { state: 'away', trouble: outcome, at: Date.now() + waitMs };
    await pause(waitMs, stop);
  }
}

async function readOnce(path: string, last: string, stop: AbortSignal, onEvent: Feed['onEvent']): Promise<Trouble | 'ended' | 'hidden'> {
  const lost = new AbortController();
  let timer = setTimeout(() => lost.abort(), SILENCE_MS);
  const hide = (): void => { if (document.hidden) lost.abort('hidden'); };
  document.addEventListener('visibilitychange', hide);
  try {
    const response = await fetch(path, { cache: 'no-store', credentials: 'omit', headers: { ...headers(), accept: 'text/event-stream', ...(last === '' ? {} : { 'last-event-id': last }) }, signal: AbortSignal.any([stop, lost.signal]) });
    if (response.status === 204) return 'ended';
    if (!response.ok || response.body === null) return await troubleOf(response);
    connection.value = { state: 'live' };
    const parser = new SseParser(last);
    for (const reader = response.body.pipeThrough(new TextDecoderStream()).getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) return away;
      clearTimeout(timer);
      timer = setTimeout(() => lost.abort(), SILENCE_MS);
      for (const event of parser.push(value)) {
        onEvent(event);
        if (event.name === 'end') return 'ended';
      }
    }
  } catch {
    return lost.signal.reason === 'hidden' ? 'hidden' : away;
  } finally {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', hide);
  }
}

function whileHidden(stop: AbortSignal): Promise<void> {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener('visibilitychange', () => resolve(), { once: true, signal: stop });
    stop.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Ends early when somebody asks for it, or the machine is connected again. */
function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = new AbortController();
    const end = (): void => {
      clearTimeout(timer);
      done.abort();
      resolve();
    };
    const timer = setTimeout(end, ms);
    wake = end;
    stop.addEventListener('abort', end, { signal: done.signal });
    window.addEventListener('online', end, { signal: done.signal });
  });
}
