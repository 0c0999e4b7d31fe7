import { ClientProxy, type ReadPacket, type WritePacket } from '@nestjs/microservices';
import { defineCommand, defineEvent, newEventId, terminal, type CommandDefinition, type EventDefinition } from '@cascade/messages';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { CommandClient } from './command-client.js';
import { commandTimeout } from './command-message.js';
import { Deadline } from './deadline.js';
import { EventPublisher, type PublishOptions } from './event-publisher.js';
import type { PayloadStore } from './payload-store.js';
import type { RedisSettings } from './redis-settings.js';
import { StreamsRecord } from './streams-record.js';

export interface StreamsClientOptions {
  readonly redis: RedisSettings;
  /** How long `send` waits for a reply unless its record says otherwise; 30 s. */
  readonly timeoutMs?: number;
  /** See `EventPublisher`. */
  readonly store?: PayloadStore;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Nest's own way to speak to services on this transport: `emit` publishes an event, `send` gives a command and waits for
 * its reply. The pattern is a definition, whose schemas are checked before anything is sent, or the name of a type. What
 * goes along with the data (cascade, key, deadline) is said by a `StreamsRecord`.
 *
 * An adapter over `EventPublisher` and `CommandClient`, which return promises and say more: with `emit` an error that
 * nobody subscribed to vanishes, as it does with every Nest client.
 */
export class StreamsClient extends ClientProxy {
  readonly #publisher: EventPublisher;
  readonly #commands: CommandClient;

  constructor(private readonly options: StreamsClientOptions) {
    super();
    this.#publisher = new EventPublisher(options);
    this.#commands = new CommandClient(options);
    this.unwrap().on('ready', () => this._status$.next('connected'));
    this.unwrap().on('close', () => this._status$.next('disconnected'));
  }

  /** Does not wait: connections come back by themselves, and what is sent meanwhile waits for them, a command within its time. */
  override async connect(): Promise<void> {
    this.#publisher.connect();
  }

  override async close(): Promise<void> {
    await Promise.all([this.#publisher.close(), this.#commands.close()]);
  }

  /** The connection that publishes. */
  override unwrap<T = Redis>(): T {
    return this.#publisher.connection as T;
  }

  /** Gives what `EventPublisher.publish` gives, and throws what it throws. */
  protected override async dispatchEvent<T>({ pattern, data, metadata }: ReadPacket): Promise<T> {
    const record = StreamsRecord.of(data);
    const definition = isDefinition(pattern, 'event') ? pattern : defineEvent(typeOf(pattern), '', z.unknown());
    return await this.#publisher.publish(definition, record.data, { ...traceOf(metadata?.['traceparent']), ...record.options }) as T;
  }

  /** Unsubscribing gives the wait up; work that was begun goes on, and the same key gives its reply later. */
  protected override publish({ pattern, data }: ReadPacket, callback: (packet: WritePacket) => void): () => void {
    const given = new AbortController();
    this.#send(pattern, StreamsRecord.of(data), given.signal).then(
      (response) => callback({ response, isDisposed: true }),
      (err: unknown) => callback({ err, isDisposed: true }),
    );
    return () => given.abort();
  }

  async #send(pattern: unknown, { data, options }: StreamsRecord, signal: AbortSignal): Promise<unknown> {
    const definition = isDefinition(pattern, 'command') ? pattern : defineCommand(typeOf(pattern), '', z.unknown(), z.unknown());
    const timeoutMs = options.timeoutMs ?? this.options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const deadline = new Deadline(timeoutMs, () => commandTimeout(definition));
    try {
      const { cascadeId = newEventId(), key = newEventId() } = options;
      return await this.#commands.send(definition, data, { cascadeId, key, timeoutMs, signal: deadline.signalWith(signal) });
    } finally {
      deadline.close();
    }
  }
}

function isDefinition(pattern: unknown, kind: 'event'): pattern is EventDefinition;
function isDefinition(pattern: unknown, kind: 'command'): pattern is CommandDefinition;
function isDefinition(pattern: unknown, kind: string): boolean {
  return typeof pattern === 'object' && pattern !== null && 'kind' in pattern && pattern.kind === kind;
}

function typeOf(pattern: unknown): string {
  if (typeof pattern === 'string') return pattern;
  throw terminal('CASC_PATTERN_UNKNOWN', 'emit takes an event definition, send a command definition, and both the name of a type.');
}

/** What tracing instrumentation attached to the packet (`setOnDispatchHook`). */
function traceOf(traceparent: string | undefined): Pick<PublishOptions, 'traceparent'> {
  return traceparent === undefined ? {} : { traceparent };
}
