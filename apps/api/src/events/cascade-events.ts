import { isTerminal, readTimeline, type TimelineLine } from '@cascade/state';
import { shortView } from '../cascades/cascade-view.js';
import type { CascadeWatch } from './cascade-watches.js';

/** Silence after which a comment says that the connection lives, in milliseconds. */
export const HEARTBEAT_MS = 15_000;
/** What a client waits before it connects again, in milliseconds. */
export const RETRY_MS = 2_000;
/** When a process stops, its clients connect again spread over so long, instead of all at once. */
export const RETRY_SPREAD_MS = 5_000;
const LINES_PER_READ = 200;

/** The id of the last event. A client that has seen it and connects again is told not to. */
export const END_ID = 'end';

export interface StreamSignals {
  /** The client is gone. */
  readonly left: AbortSignal;
  /** This process stops: the client is told to come back. */
  readonly draining: AbortSignal;
}

/**
 * A cascade as server-sent events, from after `after` to its end, or until a signal aborts. Whoever reads it slowly gets
 * it slowly: nothing is read ahead.
 */
export async function* cascadeEvents(watch: CascadeWatch, after: string, { left, draining }: StreamSignals, heartbeatMs: number = HEARTBEAT_MS): AsyncGenerator<string> {
  const signal = AbortSignal.any([left, draining]);
  yield `retry: ${RETRY_MS}\n\n`;
  let [last, shown] = [after, ''];
  while (!signal.aborted && !watch.gone) {
    const { record, changes: { version } } = watch;
    const settled = isTerminal(record.state);
    const state = JSON.stringify(shortView(record));
    if (!settled && state !== shown) yield event('state', state);
    shown = state;
    for (let more = true; more && !signal.aborted;) {
      const lines = await readTimeline(watch.redis, record.id, { after: last, count: LINES_PER_READ });
      for (const { id, line } of lines) {
        last = id;
        if (line !== undefined) yield event('progress', JSON.stringify(line satisfies TimelineLine), id);
      }
      more = lines.length === LINES_PER_READ || (settled && lines.length > 0);
    }
    if (settled && !signal.aborted) return yield event('end', state, END_ID);
    while (!signal.aborted && await watch.changes.quiet(version, heartbeatMs, signal)) yield ': still here\n\n';
  }
  if (draining.aborted) yield comeBack();
}

/** JSON has no line breaks, so one line of data is enough. */
export const event = (name: string, data: string, id?: string): string => `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${data}\n\n`;

/** Tells a client when to connect again to another process. */
export const comeBack = (): string => `retry: ${RETRY_MS + Math.floor(Math.random() * RETRY_SPREAD_MS)}\n\n`;
