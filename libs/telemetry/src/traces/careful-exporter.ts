import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import { redact } from '@cascade/messages';

type ExportResult = Parameters<Parameters<SpanExporter['export']>[1]>[0];
type Attributes = ReadableSpan['attributes'];

/** `ExportResultCode.SUCCESS` of @opentelemetry/core. */
const SUCCESS = 0;

/** The last thing before the network: no secret passes, and that the endpoint is away is told once until it is back. */
export class CarefulExporter implements SpanExporter {
  #isAway = false;

  constructor(private readonly inner: SpanExporter, private readonly warn: (text: string) => void) {}

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.inner.export(spans.map(cleanSpan), (result) => {
      if (result.code === SUCCESS) this.#isAway = false;
      else this.#tell(result.error);
      done(result);
    });
  }

  forceFlush(): Promise<void> {
    return this.inner.forceFlush?.() ?? Promise.resolve();
  }

  shutdown(): Promise<void> {
    return this.inner.shutdown();
  }

  #tell(error: Error | undefined): void {
    if (this.#isAway) return;
    this.#isAway = true;
    this.warn(`traces cannot be sent, and are lost meanwhile: ${redact(error?.message || 'the endpoint does not answer').slice(0, 300)}`);
  }
}

/** The span with its texts cleaned; all else is asked of the span itself. */
function cleanSpan(span: ReadableSpan): ReadableSpan {
  const { status, events, links } = span;
  return Object.create(span, Object.getOwnPropertyDescriptors({
    name: redact(span.name),
    attributes: clean(span.attributes),
    status: status.message === undefined ? status : { ...status, message: redact(status.message) },
    events: events.map((event) => ({ ...event, name: redact(event.name), ...(event.attributes === undefined ? {} : { attributes: clean(event.attributes) }) })),
    links: links.map((link) => (link.attributes === undefined ? link : { ...link, attributes: clean(link.attributes) })),
  })) as ReadableSpan;
}

function clean(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => {
    if (typeof value === 'string') return [name, redact(value)];
    return [name, Array.isArray(value) ? value.map((one: unknown) => (typeof one === 'string' ? redact(one) : one)) : value];
  })) as Attributes;
}
