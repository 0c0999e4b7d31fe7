import { deriveEventId, findingsOf, terminal, toFlatEntry, streamKeys, timeOfEventId, type CascadeEvent, type Outcome, type Publication, type StateWrite } from '@cascade/messages';
import { checkBounds, type Write } from './commit-job.js';
import type { Span } from '@cascade/telemetry';
import { isoNow } from './iso-now.js';
import { startPublication } from './message-spans.js';
import { flatten } from './stream-entry.js';

/** What an outcome writes, as operations of the commit script. */
export interface OutcomeOrigin {
  readonly cause: CascadeEvent;
  readonly service: string;
  /**
   * Tells the outcomes of one event apart that may both be committed: a handler that waited for a person published
   * `input.requested` before it publishes its result. Part of the ids.
   */
  readonly scope?: string;
  /** Bound of a payload; `MAX_DATA_BYTES` unless given. */
  readonly maxDataBytes?: number;
  /** Gets the spans of what is published, to be ended when it is committed. */
  readonly spans?: Span[];
}

/** Throws `CASC_OUTCOME_INVALID`, `CASC_PAYLOAD_TOO_LARGE` or `CASC_OUTCOME_TOO_LARGE` (all terminal). */
export function outcomeWrites(outcome: Outcome, origin: OutcomeOrigin): Write[] {
  const writes = [
    ...outcome.save.flatMap(saveWrites),
    ...outcome.publish.map((publication, index) => publishWrite(publication, index, origin)),
  ];
  checkBounds(writes);
  return writes;
}

function saveWrites(write: StateWrite): Write[] {
  const fields = flatten(write.fields);
  return [
    ...(fields.length === 0 ? [] : [{ operation: 'HSET', key: write.key, args: fields } as const]),
    ...(write.indexIn === undefined ? [] : [{ operation: 'SADD', key: write.indexIn, args: [write.key] } as const]),
    ...(write.removeFrom === undefined ? [] : [{ operation: 'SREM', key: write.removeFrom, args: [write.key] } as const]),
    ...(write.scoreIn === undefined ? [] : [{ operation: 'ZADD', key: write.scoreIn.key, args: [String(write.scoreIn.score), write.scoreIn.member] } as const]),
    ...(write.unscoreIn === undefined ? [] : [{ operation: 'ZREM', key: write.unscoreIn.key, args: [write.unscoreIn.member] } as const]),
    ...(write.expireAtMs === undefined ? [] : [{ operation: 'PEXPIREAT', key: write.key, args: [String(Math.ceil(write.expireAtMs))] } as const]),
  ];
}

function publishWrite(publication: Publication, index: number, { cause, service, scope, maxDataBytes, spans }: OutcomeOrigin): Write {
  const { definition, priority = cause.priority } = publication;
  const data = definition.schema.safeParse(publication.data);
  if (!data.success) {
    const findings = findingsOf(data.error).map((line) => `data.${line}`);
    throw terminal('CASC_OUTCOME_INVALID', `A handler of ${cause.type} published an invalid ${definition.type}: ${findings.join('; ')}`, { findings });
  }
  const event: CascadeEvent = {
    id: deriveEventId(cause.id, timeOfEventId(cause.id), `${service}/${scope ?? ''}/${definition.type}/${index}`),
    type: definition.type,
    source: `urn:cascade:${service}`,
    time: isoNow(),
    subject: publication.subject ?? cause.cascadeId,
    cascadeId: cause.cascadeId,
    causationId: cause.id,
    dataschema: definition.dataschema,
    ...(cause.expiryTime === undefined ? {} : { expiryTime: cause.expiryTime }),
    ...(cause.traceparent === undefined ? {} : { traceparent: cause.traceparent }),
    ...(priority === undefined ? {} : { priority }),
    data: data.data,
  };
  const stream = streamKeys.stream(definition.type, priority);
  return { operation: 'XADD', key: stream, args: ['*', ...toFlatEntry(spans === undefined ? event : traced(event, stream, spans), maxDataBytes)] };
}

/** The event as the child of the span that publishes it. */
function traced(event: CascadeEvent, stream: string, spans: Span[]): CascadeEvent {
  const span = startPublication(stream, event);
  spans.push(span);
  return span.traceparent === undefined ? event : { ...event, traceparent: span.traceparent };
}
