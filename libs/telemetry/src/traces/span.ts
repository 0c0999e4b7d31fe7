/** Undefined ones are left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

export interface SpanStart {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  /** W3C trace context of what caused it, where that is not the span under way. */
  readonly parent?: string | undefined;
  /** W3C trace contexts of others that it hangs together with. */
  readonly links?: readonly string[];
  /** Work comes in here: without a parent it begins a trace. Other spans without a parent are not recorded. */
  readonly begins?: boolean;
}

/** One piece of work in a trace. */
export interface Span {
  /** W3C trace context for what it causes elsewhere; undefined when nothing is recorded. */
  readonly traceparent: string | undefined;
  set(attributes: Attributes): void;
  event(name: string, attributes?: Attributes): void;
  /** Its `error.type` is the stable code. What was cancelled or waits for a person is no error. */
  fail(error: unknown): void;
  /** Once. */
  end(): void;
}

export const noSpan: Span = { traceparent: undefined, set: () => undefined, event: () => undefined, fail: () => undefined, end: () => undefined };
