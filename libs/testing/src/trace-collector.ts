import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { untilTrue } from './until-true.js';

type Value = { readonly stringValue?: string; readonly intValue?: number | string; readonly doubleValue?: number; readonly boolValue?: boolean; readonly arrayValue?: { readonly values?: readonly Value[] } };
type Attribute = { readonly key: string; readonly value: Value };
interface WireSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes?: readonly Attribute[];
  readonly events?: readonly { readonly name: string }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status?: { readonly code?: number };
}
interface Sent {
  readonly resourceSpans?: readonly { readonly resource?: { readonly attributes?: readonly Attribute[] }; readonly scopeSpans?: readonly { readonly spans?: readonly WireSpan[] }[] }[];
}

export interface CollectedSpan extends Omit<WireSpan, 'attributes'> {
  /** `service.name` of the process that sent it. */
  readonly service: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Takes what OpenTelemetry's exporter over HTTP sends, and keeps it. */
export class TraceCollector {
  readonly spans: CollectedSpan[] = [];
  /** Everything that came, as it was sent. */
  readonly bodies: string[] = [];
  /** Of the newest request. */
  headers: Readonly<Record<string, unknown>> = {};

  private constructor(private readonly server: Server) {}

  static async start(): Promise<TraceCollector> {
    const server = createServer();
    const collector = new TraceCollector(server);
    server.on('request', (request, response) => {
      collector.headers = request.headers;
      void text(request).then((body) => {
        if (request.url === '/v1/traces') collector.#take(body);
        response.writeHead(request.url === '/v1/traces' ? 200 : 404, { 'content-type': 'application/json' }).end('{}');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return collector;
  }

  /** The variables that make a process send its traces here, soon. */
  get env(): Readonly<Record<string, string>> {
    return { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`, OTEL_BSP_SCHEDULE_DELAY: '100' };
  }

  ofTrace(traceId: string): CollectedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  async until(has: (spans: readonly CollectedSpan[]) => boolean, what: string, patienceMs?: number): Promise<void> {
    await untilTrue(async () => has(this.spans), what, patienceMs);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  #take(body: string): void {
    this.bodies.push(body);
    for (const { resource, scopeSpans = [] } of (JSON.parse(body) as Sent).resourceSpans ?? []) {
      const service = String(valuesOf(resource?.attributes)['service.name']);
      for (const span of scopeSpans.flatMap(({ spans = [] }) => spans)) this.spans.push({ ...span, service, attributes: valuesOf(span.attributes) });
    }
  }
}

const valuesOf = (attributes: readonly Attribute[] = []): Record<string, unknown> => Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]));

function valueOf({ stringValue, intValue, doubleValue, boolValue, arrayValue }: Value): unknown {
  if (arrayValue !== undefined) return (arrayValue.values ?? []).map(valueOf);
  return stringValue ?? (intValue === undefined ? doubleValue ?? boolValue : Number(intValue));
}
