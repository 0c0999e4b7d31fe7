import { z } from 'zod';
import { terminal } from './errors.js';
import type { CascadeEvent, EventDefinition, EventOf } from './event-definition.js';
import { CASCADE_ID_RULE, deriveEventId, isCascadeId } from './event-id.js';
import { priorities, priorityOf, type Priority } from './priority.js';
import { findingsOf, isDeeperThan, MAX_DATA_DEPTH, parsePayload } from './payload.js';

/** Bound of one payload's JSON text in an entry, in UTF-8 bytes; past it publishing fails with `CASC_PAYLOAD_TOO_LARGE` unless there is a store for it. */
export const MAX_DATA_BYTES = 512 * 1024;

/** Bound of an entry's fields: the known attributes, and extensions of others, which are passed over. */
export const MAX_ENTRY_FIELDS = 64;

/** A stream entry: CloudEvents 1.0 in binary mode, one field per attribute. */
export type EntryFields = Readonly<Record<string, string>>;

const trace = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const identifier = z.string().min(1).max(200);
const attributes = z.object({
  type: z.string().regex(/^[a-z][a-z0-9_.]{0,99}$/),
  data: z.string(),
  id: identifier.optional(),
  specversion: z.literal('1.0').optional(),
  source: z.string().min(1).max(500).optional(),
  time: z.iso.datetime({ offset: true }).optional(),
  subject: z.string().max(4000).optional(),
  datacontenttype: z.literal('application/json').optional(),
  dataschema: z.string().max(300).optional(),
  correlationid: identifier.optional(),
  causationid: identifier.optional(),
  expirytime: z.iso.datetime({ offset: true }).optional(),
  traceparent: z.string().regex(trace).optional(),
  priority: z.enum(priorities).optional(),
});

const optional = <K extends string, V extends string>(name: K, value: V | undefined): Partial<Record<K, V>> =>
  (value === undefined ? {} : { [name]: value }) as Partial<Record<K, V>>;

/** The entry fields of an event. Throws `CASC_PAYLOAD_TOO_LARGE`: too long or too deep. */
export function toEntry(event: CascadeEvent, maxBytes: number = MAX_DATA_BYTES): Record<string, string> {
  const flat = toFlatEntry(event, maxBytes);
  const fields: Record<string, string> = {};
  for (let index = 0; index < flat.length; index += 2) fields[flat[index]!] = flat[index + 1]!;
  return fields;
}

/** The same as a list of fields and values, `data` last: what is only sent need not become a record before. */
export function toFlatEntry(event: CascadeEvent, maxBytes: number = MAX_DATA_BYTES): string[] {
  const data = JSON.stringify(event.data);
  const bytes = Buffer.byteLength(data);
  if (bytes > maxBytes) {
    throw terminal('CASC_PAYLOAD_TOO_LARGE', `The payload of ${event.type} has ${bytes} bytes; the limit is ${maxBytes}.`);
  }
  if (isDeeperThan(data, MAX_DATA_DEPTH)) throw terminal('CASC_PAYLOAD_TOO_LARGE', `The payload of ${event.type} is nested deeper than ${MAX_DATA_DEPTH} levels.`);
  const flat = [
    'specversion', '1.0', 'id', event.id, 'source', event.source, 'type', event.type, 'time', event.time,
    'datacontenttype', 'application/json', 'dataschema', event.dataschema, 'correlationid', event.cascadeId,
  ];
  if (event.subject !== undefined) flat.push('subject', event.subject);
  if (event.causationId !== undefined) flat.push('causationid', event.causationId);
  if (event.expiryTime !== undefined) flat.push('expirytime', event.expiryTime);
  if (event.traceparent !== undefined) flat.push('traceparent', event.traceparent);
  if (event.priority !== undefined && event.priority !== 'NORMAL') flat.push('priority', event.priority);
  flat.push('data', data);
  return flat;
}

/** When an entry was written, in Unix milliseconds: ids of streams begin with it. */
export const entryMs = (entryId: string): number => Number.parseInt(entryId, 10);

/** The id of an event whose publisher gave none, by its place in its stream (`<unix ms>-<n>`). */
export const entryEventId = (type: string, entryId: string): string => deriveEventId(`stream:${type}`, entryMs(entryId), entryId);

/**
 * An entry as a typed event. An outside publisher gives only `type` and `data`: what is missing is derived from the
 * entry's stream and id (`<unix ms>-<n>`), so that a redelivery derives the same. `lane` is the priority of the stream
 * that it was read from, which an entry without a priority of its own has.
 * Throws `CASC_EVENT_INVALID` (terminal) that names every problem.
 */
export function fromEntry<D extends EventDefinition>(definition: D, entryId: string, fields: EntryFields, lane?: Priority, maxBytes: number = MAX_DATA_BYTES): EventOf<D> {
  const count = Object.keys(fields).length;
  if (count > MAX_ENTRY_FIELDS) throw invalid(definition, [`has ${count} fields; the limit is ${MAX_ENTRY_FIELDS}`]);
  const given = isOurs(definition, fields) ? fields : checkedAttributes(definition, fields);
  if (given.type !== definition.type) throw invalid(definition, [`type: is ${JSON.stringify(given.type)}, this stream carries ${JSON.stringify(definition.type)}`]);
  if (given.dataschema !== undefined && given.dataschema !== definition.dataschema) throw invalid(definition, [`dataschema: ${given.dataschema} is not known here; ${definition.dataschema} is`]);
  const payload = parsePayload(definition.schema, given.data, maxBytes);
  if ('findings' in payload) throw invalid(definition, payload.findings);
  const unixMs = entryMs(entryId);
  const id = given.id ?? entryEventId(definition.type, entryId);
  const cascadeId = given.correlationid ?? id;
  if (!isCascadeId(cascadeId)) throw invalid(definition, [`${given.correlationid === undefined ? 'id' : 'correlationid'}: ${CASCADE_ID_RULE}`]);
  return {
    id, type: given.type, source: given.source ?? 'urn:cascade:publisher', time: given.time ?? new Date(unixMs).toISOString(),
    cascadeId, dataschema: definition.dataschema,
    ...optional('subject', given.subject), ...optional('causationId', given.causationid),
    ...optional('expiryTime', given.expirytime), ...optional('traceparent', given.traceparent), ...optional('priority', given.priority ?? lane),
    data: payload.data as EventOf<D>['data'],
  };
}

type Attributes = z.output<typeof attributes>;

function checkedAttributes(definition: EventDefinition, fields: EntryFields): Attributes {
  const envelope = attributes.safeParse(fields);
  if (!envelope.success) throw invalid(definition, findingsOf(envelope.error));
  return envelope.data;
}

const ourTime = /^[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
const isShort = (text: string | undefined, characters: number): boolean => text === undefined || (text.length > 0 && text.length <= characters);
const isTrace = (text: string | undefined): boolean => text === undefined || trace.test(text);
const isTime = (text: string | undefined): boolean => text === undefined || ourTime.test(text);

/**
 * A quick yes for what `toEntry` writes, which is nearly everything that is ever read; the schema decides about all else
 * and says what is wrong. What passes here passes the schema.
 */
function isOurs(definition: EventDefinition, fields: EntryFields): fields is EntryFields & Attributes {
  return fields['specversion'] === '1.0' && fields['type'] === definition.type && fields['dataschema'] === definition.dataschema
    && fields['datacontenttype'] === 'application/json' && fields['data'] !== undefined && isTrace(fields['traceparent'])
    && isShort(fields['id'], 200) && isShort(fields['correlationid'], 200) && isShort(fields['causationid'], 200)
    && isShort(fields['source'], 500) && isShort(fields['subject'], 4000)
    && isTime(fields['time']) && isTime(fields['expirytime'])
    && (fields['priority'] === undefined || priorityOf(fields['priority']) === fields['priority']);
}

function invalid(definition: EventDefinition, findings: readonly string[]): Error {
  return terminal('CASC_EVENT_INVALID', `Not a valid ${definition.type} event: ${findings.join('; ')}`, { findings });
}
