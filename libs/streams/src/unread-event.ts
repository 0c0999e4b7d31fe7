import { entryEventId, entryMs, fromEntry, isCascadeId, type CascadeEvent, type EventDefinition, type Priority } from '@cascade/messages';
import { z } from 'zod';
import type { Delivery } from './stream-entry.js';

/** An event as far as its entry tells, its `data` undefined. Throws `CASC_EVENT_INVALID` (terminal). */
export function withoutData(definition: EventDefinition, { id, fields }: Delivery, lane?: Priority): CascadeEvent {
  return { ...fromEntry({ ...definition, schema: z.unknown() }, id, { ...fields, data: 'null' }, lane), data: undefined };
}

/** What can be said of an entry that is no event, when it names a cascade. Its type is that of its stream, whatever it says itself. */
export function unreadEvent({ stream, id, fields }: Delivery, streamType: string | undefined): CascadeEvent | undefined {
  const { correlationid: cascadeId = '' } = fields;
  const type = streamType ?? fields['type'] ?? '';
  if (!isCascadeId(cascadeId)) return undefined;
  const time = new Date(entryMs(id)).toISOString();
  return { id: entryEventId(stream, id), type: type.slice(0, 100), source: 'urn:cascade:unread', time, cascadeId, dataschema: '', data: undefined };
}

/** What an entry calls itself, for logs and traces; nothing is decided by it. */
export const namedIn = ({ id, fields }: Delivery): Pick<CascadeEvent, 'id' | 'type' | 'cascadeId' | 'traceparent'> =>
  ({ id: fields['id'] ?? id, type: fields['type'] ?? '', cascadeId: fields['correlationid'] ?? '', ...(fields['traceparent'] === undefined ? {} : { traceparent: fields['traceparent'] }) });
