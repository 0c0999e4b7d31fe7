import { currentScope, inScope } from '../scope.js';
import { names } from './names.js';
import { noSpan, type Attributes, type Span, type SpanStart } from './span.js';

/** What records spans. There is none unless an endpoint is configured; then it is loaded. */
export interface Recorder {
  start(name: string, options: SpanStart, parent: Span | undefined): Span;
  /** Sends what is not sent yet, and gives up after a bound. Never rejects. */
  stop(): Promise<void>;
}

let recorder: Recorder | undefined;

/** Asked where even the making of attributes would cost: everywhere else `traced` may be used as it is. */
export const isTracing = (): boolean => recorder !== undefined;

/** The recorder of the process, from now on; undefined for none. */
export function recordWith(next: Recorder | undefined): void {
  recorder = next;
}

/** A span that the caller ends. It is not the span under way: see `traced`. */
export function startSpan(name: string, options: SpanStart = {}): Span {
  if (recorder === undefined) return noSpan;
  const scope = currentScope();
  const parent = options.parent ?? (scope.span === undefined ? scope.traceparent : undefined);
  if (parent === undefined && scope.span === undefined && options.begins !== true) return noSpan;
  const own: Attributes = { [names.service]: scope.service, [names.cascade]: scope.cascade, ...options.attributes };
  return recorder.start(name, { ...options, parent, attributes: own }, scope.span);
}

/** Runs `fn` as a span: it ends with it, fails with it, and is the span under way for what `fn` does. */
export async function traced<T>(name: string, options: SpanStart, fn: (span: Span) => Promise<T>): Promise<T> {
  if (recorder === undefined) return fn(noSpan);
  const span = startSpan(name, options);
  if (span === noSpan) return fn(noSpan);
  try {
    return await inScope({ span }, () => fn(span));
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    span.end();
  }
}

/** Sends what was recorded, within a bound; nothing is recorded any more. */
export async function stopTracing(): Promise<void> {
  const last = recorder;
  recorder = undefined;
  await last?.stop();
}
