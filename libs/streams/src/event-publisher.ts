import { findingsOf, newEventId, streamKeys, terminal, toEntry, type CascadeEvent, type DataOf, type EventDefinition } from '@cascade/messages';
import type { Redis } from 'ioredis';
import { createConnection } from './redis-connection.js';
import { flatten } from './stream-entry.js';

export interface PublishOptions {
  readonly id?: string;
  /** The event starts a cascade of its own unless given. */
  readonly cascadeId?: string;
  readonly source?: string;
  readonly subject?: string;
  /** RFC 3339: the cascade's deadline. */
  readonly expiryTime?: string;
  readonly traceparent?: string;
}

export interface Published {
  /** The event's id. */
  readonly id: string;
  readonly cascadeId: string;
  /** Where it is in its stream. */
  readonly entryId: string;
}

/** For those who publish from outside a handler: the API, the command line, a webhook. Handlers return publications instead. */
export class EventPublisher {
  readonly #redis: Redis;

  constructor(options: { readonly redis: { readonly url: string } }) {
    this.#redis = createConnection({ url: options.redis.url, name: 'cascade-publisher', role: 'commands' });
    this.#redis.on('error', () => undefined); // it comes back by itself; meanwhile publishing waits
  }

  /** Throws `CASC_EVENT_INVALID` with every problem, or `CASC_PAYLOAD_TOO_LARGE` (both terminal). */
  async publish<D extends EventDefinition>(definition: D, data: DataOf<D>, options: PublishOptions = {}): Promise<Published> {
    const parsed = definition.schema.safeParse(data);
    if (!parsed.success) {
      const findings = findingsOf(parsed.error).map((line) => `data.${line}`);
      throw terminal('CASC_EVENT_INVALID', `Not a valid ${definition.type} event: ${findings.join('; ')}`, { findings });
    }
    const event = eventOf(definition, parsed.data, options);
    const entryId = await this.#redis.xadd(streamKeys.stream(definition.type), '*', ...flatten(toEntry(event)));
    return { id: event.id, cascadeId: event.cascadeId, entryId: entryId! };
  }

  get connection(): Redis {
    return this.#redis;
  }

  /** Begins to connect, which the first `publish` would do. */
  connect(): void {
    if (this.#redis.status === 'wait') this.#redis.connect().catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
  }
}

function eventOf(definition: EventDefinition, data: unknown, options: PublishOptions): CascadeEvent {
  const id = options.id ?? newEventId();
  const cascadeId = options.cascadeId ?? id;
  return {
    id, cascadeId, type: definition.type, dataschema: definition.dataschema, data,
    source: options.source ?? 'urn:cascade:publisher',
    time: new Date().toISOString(),
    subject: options.subject ?? cascadeId,
    ...(options.expiryTime === undefined ? {} : { expiryTime: options.expiryTime }),
    ...(options.traceparent === undefined ? {} : { traceparent: options.traceparent }),
  };
}
