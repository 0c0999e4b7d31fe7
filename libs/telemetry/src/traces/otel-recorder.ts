import { diag, DiagLogLevel, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Attributes as OtelAttributes, type Context, type Span as OtelSpan, type SpanContext, type Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { asCascadeError, isCascadeError, within } from '@cascade/messages';
import { boundedText } from '../bounded-text.js';
import { names } from './names.js';
import { CarefulExporter } from './careful-exporter.js';
import type { Attributes, Span, SpanKind as Kind, SpanStart } from './span.js';
import { formatTraceparent, parseTraceparent } from './traceparent.js';
import type { Recorder } from './tracing.js';

/** What is not sent by then when the process stops is lost. */
const FLUSH_MS = 3_000;
/** Characters of one attribute, and of a stack; values of one that is a list, and characters of each. */
const MAX_ATTRIBUTE_CHARACTERS = 8_192;
const MAX_LIST = 64;
const MAX_LIST_CHARACTERS = 500;

const kinds: Readonly<Record<Kind, SpanKind>> = { internal: SpanKind.INTERNAL, server: SpanKind.SERVER, client: SpanKind.CLIENT, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER };

/**
 * OpenTelemetry's own SDK, at its smallest: a provider, a batch of at most 2,048 spans that wait to be sent, and the
 * exporter over HTTP. It patches nothing and sets nothing global; which span is under way is in `Scope`. Sampler, batch
 * and exporter read their own `OTEL_…` variables.
 */
export class OtelRecorder implements Recorder {
  readonly #provider: NodeTracerProvider;
  readonly #tracer: Tracer;

  constructor(service: string, warn: (text: string) => void) {
    diag.setLogger({ error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined, verbose: () => undefined }, { logLevel: DiagLogLevel.NONE, suppressOverrideMessage: true });
    const resource = defaultResource()
      .merge(resourceFromAttributes({ 'service.name': service, 'service.namespace': 'cascade' }))
      .merge(detectResources({ detectors: [envDetector] }));
    const exporter = new CarefulExporter(new OTLPTraceExporter(), warn);
    this.#provider = new NodeTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
    this.#tracer = this.#provider.getTracer('cascade');
  }

  start(name: string, { kind = 'internal', attributes = {}, parent, links = [] }: SpanStart, under: Span | undefined): Span {
    const from = parent === undefined ? (under as RecordedSpan | undefined)?.context : contextOf(parent);
    return new RecordedSpan(this.#tracer.startSpan(name, {
      kind: kinds[kind], attributes: present(attributes), links: links.flatMap((link) => { const context = contextOf(link); return context === undefined ? [] : [{ context }]; }),
    }, from === undefined ? ROOT_CONTEXT : underContext(from)));
  }

  async stop(): Promise<void> {
    await within(FLUSH_MS, this.#provider.shutdown().catch(() => undefined), () => undefined);
  }
}

class RecordedSpan implements Span {
  readonly context: SpanContext;

  constructor(private readonly span: OtelSpan) {
    this.context = span.spanContext();
  }

  get traceparent(): string {
    const { traceId, spanId, traceFlags } = this.context;
    return formatTraceparent({ traceId, spanId, flags: traceFlags });
  }

  set(attributes: Attributes): void {
    this.span.setAttributes(present(attributes));
  }

  event(name: string, attributes: Attributes = {}): void {
    this.span.addEvent(name, present(attributes));
  }

  fail(thrown: unknown): void {
    const { code, kind, message } = asCascadeError(thrown);
    this.span.setAttribute(names.errorType, code);
    if (kind === 'cancelled' || kind === 'needs-input') return;
    this.span.setStatus({ code: SpanStatusCode.ERROR, message });
    if (isCascadeError(thrown) || !(thrown instanceof Error)) return; // a code says enough; a defect needs its stack
    this.span.addEvent('exception', { 'exception.type': thrown.name, 'exception.message': message, 'exception.stacktrace': boundedText(thrown.stack ?? '', MAX_ATTRIBUTE_CHARACTERS) });
  }

  end(): void {
    this.span.end();
  }
}

const underContext = (parent: SpanContext): Context => trace.setSpanContext(ROOT_CONTEXT, parent);

function contextOf(traceparent: string): SpanContext | undefined {
  const parsed = parseTraceparent(traceparent);
  return parsed && { traceId: parsed.traceId, spanId: parsed.spanId, traceFlags: parsed.flags & TraceFlags.SAMPLED, isRemote: true };
}

function present(attributes: Attributes): OtelAttributes {
  const kept: OtelAttributes = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    kept[name] = typeof value === 'string' ? boundedText(value, MAX_ATTRIBUTE_CHARACTERS) : Array.isArray(value) ? value.slice(0, MAX_LIST).map((one: string) => boundedText(one, MAX_LIST_CHARACTERS)) : value as number | boolean;
  }
  return kept;
}
