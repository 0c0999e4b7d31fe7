import { entryMs, type CascadeEvent } from '@cascade/messages';
import { currentTraceparent, isTracing, names, spanEvents, startSpan, traced, type Attributes, type Span } from '@cascade/telemetry';
import type { Delivery } from './stream-entry.js';

const SYSTEM = 'redis';

/** What all spans about one stream say. `operation` is also the first word of the span's name. */
function about(operation: 'publish' | 'send' | 'receive' | 'process', stream: string, { id, type, cascadeId }: Pick<CascadeEvent, 'id' | 'type' | 'cascadeId'>): Attributes {
  return {
    [names.messagingSystem]: SYSTEM, [names.messagingDestination]: stream, [names.messagingOperation]: operation, [names.messagingOperationType]: operation === 'publish' ? 'send' : operation,
    [names.messagingConversation]: cascadeId, [names.cascade]: cascadeId, [names.eventId]: id, [names.eventType]: type,
  };
}

/** Publishes from outside a handler: `add` gets the trace context that the entry carries, and gives where it is. */
export function publishTraced<T extends { readonly entryId: string }>(stream: string, event: CascadeEvent, add: (traceparent: string | undefined) => Promise<T>): Promise<T> {
  if (!isTracing()) return add(event.traceparent ?? currentTraceparent());
  return traced(`publish ${stream}`, { kind: 'producer', begins: true, parent: event.traceparent, attributes: about('publish', stream, event) }, async (span) => {
    const added = await add(span.traceparent);
    span.set({ [names.messagingId]: added.entryId });
    return added;
  });
}

/** An event that an outcome publishes; its span ends when the outcome is committed, and says how that went. */
export function startPublication(stream: string, event: CascadeEvent): Span {
  return startSpan(`publish ${stream}`, { kind: 'producer', attributes: about('publish', stream, event) });
}

/** Sends a command and waits for its reply. */
export function sendTraced<T>(stream: string, command: Pick<CascadeEvent, 'id' | 'type' | 'cascadeId'>, send: (traceparent: string | undefined) => Promise<T>): Promise<T> {
  if (!isTracing()) return send(currentTraceparent());
  return traced(`send ${stream}`, { kind: 'client', begins: true, attributes: about('send', stream, command) }, (span) => send(span.traceparent));
}

export interface Processed {
  readonly service: string;
  readonly delivery: Delivery;
  readonly event: Pick<CascadeEvent, 'id' | 'type' | 'cascadeId' | 'traceparent'>;
  readonly attempt?: number;
}

/** The handling of one entry: a child of what published it, however often it was delivered or put back. */
export function processTraced<T>({ service, delivery, event, attempt = 1 }: Processed, handle: () => Promise<T>): Promise<T> {
  if (!isTracing()) return handle();
  const { stream, id, deliveries } = delivery;
  const attributes = {
    [names.messagingGroup]: service, [names.messagingId]: id, [names.deliveries]: deliveries === 1 ? undefined : deliveries, [names.attempt]: attempt === 1 ? undefined : attempt,
  };
  return traced(`process ${stream}`, { kind: 'consumer', begins: true, parent: event.traceparent, attributes: { ...about('process', stream, event), ...attributes } }, async (span) => {
    if (deliveries > 1) span.event(spanEvents.redelivered, { [names.deliveries]: deliveries });
    return handle();
  });
}

/** The getting of an entry, from its arrival until its payload is there. */
export function receiveTraced<T>({ service, delivery, event }: Processed, receive: () => T | Promise<T>): T | Promise<T> {
  if (!isTracing()) return receive();
  const { stream, id } = delivery;
  const attributes = { [names.messagingGroup]: service, [names.messagingId]: id, [names.waited]: Math.max(0, Date.now() - entryMs(id)) };
  return traced(`receive ${stream}`, { kind: 'consumer', begins: true, parent: event.traceparent, attributes: { ...about('receive', stream, event), ...attributes } }, async () => receive());
}
