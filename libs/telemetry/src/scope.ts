import { AsyncLocalStorage } from 'node:async_hooks';
import { noSpan, type Span } from './traces/span.js';

/**
 * What the work under way belongs to. It is said once, where an event, a command or a request is handled, and travels with
 * the calls: every log line and every span tells it, and no call site has to pass it on.
 */
export interface Scope {
  readonly service?: string | undefined;
  readonly cascade?: string | undefined;
  /** Id and type of the event or command that is handled. */
  readonly event?: string | undefined;
  readonly eventType?: string | undefined;
  /** What ties records together that belong to no cascade: a request's or a delivery's id. */
  readonly correlation?: string | undefined;
  /** W3C trace context that the work came with. */
  readonly traceparent?: string | undefined;
  /** The span under way; set by `traced`. */
  readonly span?: Span | undefined;
}

const storage = new AsyncLocalStorage<Scope>();
const outside: Scope = {};

export const currentScope = (): Scope => storage.getStore() ?? outside;

/** Runs `fn` within what is the case already and `scope`. */
export function inScope<T>(scope: Scope, fn: () => T): T {
  const outer = storage.getStore();
  return storage.run(outer === undefined ? scope : { ...outer, ...scope }, fn);
}

/** The span under way; one that records nothing when there is none. */
export const currentSpan = (): Span => storage.getStore()?.span ?? noSpan;

/** The trace context for what is caused elsewhere: of the span under way, else what the work came with. */
export function currentTraceparent(): string | undefined {
  const scope = storage.getStore();
  return scope?.span?.traceparent ?? scope?.traceparent;
}
