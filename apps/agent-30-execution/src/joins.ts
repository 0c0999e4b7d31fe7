import { names, traced } from '@cascade/telemetry';
import type { GraphState } from './graph-state.js';
import { planUnits } from './schedule.js';

/** Which trace contexts are known: those of work that nobody recorded are not. */
const known = (all: readonly ({ readonly trace?: string | undefined } | undefined)[]): string[] => all.flatMap((one) => one?.trace ?? []);

/**
 * Runs the closing of a story as a span. The story waited for all of its units, and the span's parent is only what brought the
 * last one: it is linked to what integrated each. Also gives the span's own context, for what waits for stories.
 */
export function closeJoined<T>({ plan, units }: GraphState, storyId: string, close: () => Promise<T>): Promise<{ readonly closed: T; readonly trace: { readonly trace?: string } }> {
  const own = planUnits(plan).filter((unit) => unit.storyId === storyId).map(({ id }) => units[id]);
  return traced('close story', { links: known(own), attributes: { [names.story]: storyId } }, async ({ traceparent }) =>
    ({ closed: await close(), trace: traceparent === undefined ? {} : { trace: traceparent } }));
}

/** Runs the end of a cascade as a span that is linked to the closing of each story. */
export function finishJoined<T>({ verdicts }: GraphState, finish: () => Promise<T>): Promise<T> {
  return traced('finish cascade', { links: known(Object.values(verdicts)) }, () => finish());
}
