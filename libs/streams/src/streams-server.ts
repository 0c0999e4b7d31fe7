import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { streamKeys, terminal, type CommandDefinition, type EventDefinition } from '@cascade/messages';
import type { Redis } from 'ioredis';
import { CommandHandling, type CommandHandler } from './command-handling.js';
import { Committer } from './committer.js';
import { removeGoneConsumers } from './consumer-groups.js';
import { ConsumerLoop, type Handle } from './consumer-loop.js';
import { EventHandling, type EventHandler } from './event-handling.js';
import type { HandlerExtras } from './on-event.js';
import { PeriodicTask } from './periodic-task.js';
import { createConnection } from './redis-connection.js';
import { moveDueRetries } from './retry-mover.js';
import { settingsOf, type Settings, type StreamsOptions } from './streams-options.js';
import { transportId } from './transport-id.js';
import { trimAcknowledged } from './trimmer.js';

/** `connected`, or `trouble: <why>` while Redis is out of order; the server goes on by itself as soon as it can. */
export type StreamsStatus = string;

const TRIM_EVERY_MS = 60_000;
/** After so many claim limits without a sign a consumer counts as gone. */
const GONE_AFTER_CLAIM_LIMITS = 20;

/**
 * Nest's transport over Redis Streams: finds the handlers of the application, reads their streams, and ends every entry
 * by one atomic commit. Events and commands have slots of their own, so that a handler may wait for a command of its
 * own service while all event slots are taken.
 */
export class StreamsServer extends Server<Record<string, (...args: unknown[]) => void>, StreamsStatus> implements CustomTransportStrategy {
  override transportId = transportId;
  /** We await every handler and log its errors ourselves. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #settings: Settings;
  readonly #events = new Map<string, EventHandler>();
  readonly #commands = new Map<string, CommandHandler>();
  readonly #shutdown = new AbortController();
  readonly #stopped = new AbortController();
  #redis: Redis | undefined;
  #streams: readonly string[] = [];
  #loops: ConsumerLoop[] = [];
  #waiters: Redis[] = [];
  #tasks: PeriodicTask[] = [];
  #trouble: string | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: StreamsOptions) {
    super();
    this.#settings = settingsOf(options);
  }

  /**
   * Called by Nest for every handler. Throws `CASC_HANDLER_DUPLICATE` (terminal): two handlers of one event in one
   * service would share its acknowledgement, and the failure of one would repeat the other.
   */
  override addHandler(pattern: unknown, callback: MessageHandler, isEventHandler = false, extras: Record<string, unknown> = {}): void {
    const { definition } = extras as Partial<HandlerExtras<EventDefinition | CommandDefinition>>;
    if (definition === undefined) {
      throw terminal('CASC_HANDLER_UNTYPED', `The handler of ${String(pattern)} has no definition.`, { advice: 'Use @OnEvent(definition) or @OnCommand(definition).' });
    }
    if (this.#events.has(definition.type) || this.#commands.has(definition.type)) {
      throw terminal('CASC_HANDLER_DUPLICATE', `${this.#settings.service} has two handlers of ${definition.type}.`);
    }
    super.addHandler(pattern, callback, isEventHandler, extras);
    if (definition.kind === 'event') this.#events.set(definition.type, { definition, handler: callback });
    else this.#commands.set(definition.type, { definition, handler: callback });
  }

  /** Calls back when the groups exist. Waits for a Redis that is not there yet, and says so through `status` and the log. */
  listen(callback: (error?: unknown) => void): void {
    this.#start().then(() => callback(), callback);
  }

  /** Stops reading, lets handlers finish within the drain time, then aborts them and hands their entries back. */
  close(): Promise<void> {
    return this.#closed ??= this.#close();
  }

  async #close(): Promise<void> {
    for (const task of this.#tasks) task.stop();
    await Promise.all(this.#loops.map((loop) => loop.close(this.#settings.drainMs, () => this.#shutdown.abort())));
    this.#stopped.abort();
    this.#redis?.disconnect();
    this.#redis = undefined;
  }

  /**
   * Removes entries that all groups have acknowledged and that are older than the retention time, and the names of
   * consumers that are gone. Happens by itself every minute.
   */
  async trim(): Promise<void> {
    const redis = this.#redis;
    if (redis === undefined) return;
    const { service, retentionMs, claimIdleMs } = this.#settings;
    await trimAcknowledged(redis, this.#streams, retentionMs, Date.now());
    for (const stream of this.#streams) await removeGoneConsumers(redis, stream, service, GONE_AFTER_CLAIM_LIMITS * claimIdleMs);
  }

  on(event: string, callback: (...args: unknown[]) => void): void {
    this.#redis?.on(event as 'error', callback);
  }

  /** The connections: first the shared one, then those that wait for news. */
  unwrap<T>(): T {
    return [this.#redis, ...this.#waiters] as T;
  }

  async #start(): Promise<void> {
    const { service, concurrency, commandConcurrency } = this.#settings;
    const redis = this.#connect('commands');
    this.#redis = redis;
    const committer = new Committer(redis, this.#stopped.signal);
    const shared = { settings: this.#settings, committer, shutdown: this.#shutdown.signal, logger: this.logger };
    const events = new EventHandling({ ...shared, handlers: this.#events });
    const commands = new CommandHandling({ ...shared, handlers: this.#commands });
    const eventStreams = [...this.#events.keys()].map(streamKeys.stream);
    const commandStreams = [...this.#commands.keys()].map(streamKeys.stream);
    if (eventStreams.length > 0) {
      eventStreams.push(streamKeys.retries(service));
      this.#addLoop(eventStreams, concurrency, (delivery) => events.handle(delivery));
    }
    if (commandStreams.length > 0) this.#addLoop(commandStreams, commandConcurrency, (delivery) => commands.handle(delivery));
    await Promise.all(this.#loops.map((loop) => loop.start()));
    this.#streams = [...eventStreams, ...commandStreams];
    this.#startTasks(redis);
  }

  #addLoop(streams: string[], concurrency: number, handle: Handle): void {
    const { service: group, consumer, claimIdleMs, blockMs } = this.#settings;
    const waiter = this.#connect('waiting');
    this.#waiters.push(waiter);
    this.#loops.push(new ConsumerLoop({
      redis: this.#redis!, waiter, streams, group, consumer, concurrency, claimIdleMs, blockMs, handle,
      onTrouble: (error) => this.#reportTrouble(error),
      onRecovered: () => this.#reportConnected(),
    }));
  }

  #startTasks(redis: Redis): void {
    const onTrouble = (error: unknown): void => this.#reportTrouble(error);
    this.#tasks = [
      new PeriodicTask(() => moveDueRetries(redis, this.#settings.service, Date.now()), onTrouble),
      new PeriodicTask(() => this.trim().then(() => TRIM_EVERY_MS), onTrouble, TRIM_EVERY_MS),
    ];
    for (const task of this.#tasks) task.start();
  }

  #connect(role: 'commands' | 'waiting'): Redis {
    const connection = createConnection({ url: this.#settings.redis.url, name: `${this.#settings.consumer}-${role}`, role });
    connection.on('error', (error) => this.#reportTrouble(error));
    connection.on('ready', () => this.#reportConnected());
    return connection;
  }

  #reportTrouble(error: unknown): void {
    const why = error instanceof Error && error.message !== '' ? error.message : String(error);
    if (this.#stopped.signal.aborted || why === this.#trouble) return; // one line per outage, not one per attempt
    this.#trouble = why;
    this._status$.next(`trouble: ${why}`);
    this.logger.warn(`${this.#settings.service}: ${why}; trying again`);
  }

  #reportConnected(): void {
    this.#trouble = undefined;
    this._status$.next('connected');
  }
}
