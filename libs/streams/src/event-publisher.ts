import { findingsOf, newEventId, retryable, streamKeys, terminal, toFlatEntry, type CascadeEvent, type DataOf, type EventDefinition, type Priority } from '@cascade/messages';
import type { Redis } from 'ioredis';
import { abortErrorOf, untilAborted } from './abort.js';
import { ClaimCheck } from './claim-check.js';
import { countPublished } from './count-published.js';
import { ConfirmedWrites } from './confirmed-writes.js';
import { EntryAdder } from './entry-adder.js';
import { isoNow } from './iso-now.js';
import { publishTraced } from './message-spans.js';
import type { PayloadStore } from './payload-store.js';
import { createConnection } from './redis-connection.js';
import { RedisScript } from './redis-script.js';
import type { RedisSettings } from './redis-settings.js';
import { fieldsOf } from './stream-entry.js';

const addOnce = new RedisScript(new URL('./lua/add-entry-once.lua', import.meta.url));

/** Under which key an event is remembered, and for how long, so that it is published once however often it is tried. */
export interface Once {
  readonly key: string;
  readonly forMs: number;
}

export interface PublishOptions {
  readonly id?: string;
  /** The event starts a cascade of its own unless given. */
  readonly cascadeId?: string;
  readonly source?: string;
  readonly subject?: string;
  /** RFC 3339: when what it tells happened; now unless given. */
  readonly time?: string;
  /** RFC 3339: the cascade's deadline. */
  readonly expiryTime?: string;
  /** W3C trace context; of what is under way unless given. */
  readonly traceparent?: string;
  /** NORMAL unless given. */
  readonly priority?: Priority;
  /** CloudEvents extension attributes beside those that Cascade reads; their names are lower-case letters and digits. */
  readonly extensions?: Readonly<Record<string, string>>;
  /** Publishes nothing when an event was published under this key before. */
  readonly once?: Once;
  /** Ends the waiting for Redis. Without it, publishing waits for as long as Redis is away. */
  readonly signal?: AbortSignal;
}

export interface Published {
  /** The event's id. */
  readonly id: string;
  readonly cascadeId: string;
  /** Where it is in its stream. */
  readonly entryId: string;
  /** True when it was published `once`, and had been before. */
  readonly isRepeated: boolean;
}

interface Added {
  readonly entryId: string;
  readonly isRepeated: boolean;
}

/** For those who publish from outside a handler: the API, the command line, a webhook. Handlers return publications instead. */
export class EventPublisher {
  readonly #redis: Redis;
  readonly #adder: EntryAdder;
  readonly #writes: ConfirmedWrites;
  readonly #payloads: ClaimCheck;
  readonly #closed = new AbortController();

  /** `store` takes payloads that are too large for an entry; those who handle the event need the same one. */
  constructor(options: { readonly redis: RedisSettings; readonly store?: PayloadStore }) {
    this.#redis = createConnection({ ...options.redis, name: 'cascade-publisher', role: 'commands' });
    this.#redis.on('error', () => undefined); // it comes back by itself; meanwhile publishing waits
    this.#payloads = new ClaimCheck(options.store);
    this.#adder = new EntryAdder(this.#redis);
    this.#writes = new ConfirmedWrites({ redis: this.#redis, durability: options.redis.durability, stopped: this.#closed.signal });
  }

  /**
   * Throws `CASC_EVENT_INVALID` with every problem, or `CASC_PAYLOAD_TOO_LARGE` (both terminal), and what the store throws. When `signal` aborts:
   * its own CascadeError, `CASC_PUBLISH_TIMEOUT` (retryable) for an `AbortSignal.timeout`, else a cancelled error; the
   * event may have been published then, and publishing it again with the same id does no harm.
   */
  async publish<D extends EventDefinition>(definition: D, data: DataOf<D>, options: PublishOptions = {}): Promise<Published> {
    const parsed = definition.schema.safeParse(data);
    if (!parsed.success) {
      const findings = findingsOf(parsed.error).map((line) => `data.${line}`);
      throw terminal('CASC_EVENT_INVALID', `Not a valid ${definition.type} event: ${findings.join('; ')}`, { findings });
    }
    const asked = eventOf(definition, parsed.data, options);
    const { entryId, isRepeated } = await publishTraced(streamKeys.stream(asked.type, asked.priority), asked, (traceparent) => this.#publish(traceparent === asked.traceparent ? asked : { ...asked, ...(traceparent === undefined ? {} : { traceparent }) }, options));
    if (!isRepeated) countPublished(streamKeys.stream(asked.type, asked.priority));
    return { id: asked.id, cascadeId: asked.cascadeId, entryId, isRepeated };
  }

  async #publish(event: CascadeEvent, options: PublishOptions): Promise<Added> {
    const flat = toFlatEntry(event, this.#payloads.maxBytes);
    const fields = this.#payloads.checkIn(options.extensions === undefined ? flat : [...Object.entries(options.extensions).flat(), ...flat]);
    const add = (ready: readonly string[]): Promise<Added> => (options.once === undefined ? this.#add(event, ready) : this.#addOnce(event, ready, options.once));
    const added = fields instanceof Promise ? fields.then(add) : add(fields);
    return options.signal === undefined ? added : untilAborted(added, options.signal, (reason) => abortErrorOf(reason, {
      timeout: () => retryable('CASC_PUBLISH_TIMEOUT', `Redis did not confirm ${event.type} in time; it may have been published.`, { advice: 'Publish it again with the same id when Redis is back.', cause: reason }),
      abort: `${event.type} was given up before Redis confirmed it.`,
    }));
  }

  get connection(): Redis {
    return this.#redis;
  }

  /** Begins to connect, which the first `publish` would do. */
  connect(): void {
    if (this.#redis.status === 'wait') this.#redis.connect().catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#redis.disconnect();
  }

  /** Where it is unknown whether the entry survived a broken connection, it is looked for before it is added again. */
  async #add(event: CascadeEvent, fields: readonly string[]): Promise<Added> {
    const stream = streamKeys.stream(event.type, event.priority);
    let added: string | undefined;
    const entryId = await this.#writes.confirmed(async () => {
      if (added !== undefined && await this.#holds(stream, added, event.id)) return added;
      added = await this.#adder.add(stream, fields);
      return added;
    });
    return { entryId, isRepeated: false };
  }

  /** The marker, which is there if and only if the entry is, tells whether an earlier try of the same write survived. */
  #addOnce(event: CascadeEvent, fields: readonly string[], { key, forMs }: Once): Promise<Added> {
    const own = new Set<string>();
    return this.#writes.confirmed(async () => {
      const [entryId, isNew] = (await addOnce.run(this.#redis, [key, streamKeys.stream(event.type, event.priority)], [forMs, ...fields])) as [string, number];
      if (isNew === 1) own.add(entryId);
      return { entryId, isRepeated: !own.has(entryId) };
    });
  }

  async #holds(stream: string, entryId: string, eventId: string): Promise<boolean> {
    const [entry] = await this.#redis.xrange(stream, entryId, entryId);
    return entry !== undefined && fieldsOf(entry[1])['id'] === eventId;
  }
}

function eventOf(definition: EventDefinition, data: unknown, options: PublishOptions): CascadeEvent {
  const id = options.id ?? newEventId();
  const cascadeId = options.cascadeId ?? id;
  return {
    id, cascadeId, type: definition.type, dataschema: definition.dataschema, data,
    source: options.source ?? 'urn:cascade:publisher',
    time: options.time ?? isoNow(),
    subject: options.subject ?? cascadeId,
    ...(options.expiryTime === undefined ? {} : { expiryTime: options.expiryTime }),
    ...(options.traceparent === undefined ? {} : { traceparent: options.traceparent }),
    ...(options.priority === undefined ? {} : { priority: options.priority }),
  };
}
