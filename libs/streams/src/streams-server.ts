import { BaseRpcContext, Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { streamKeys, terminal, type CommandDefinition, type EventDefinition } from '@cascade/messages';
import type { Redis } from 'ioredis';
import { CommandHandling, type CommandHandler } from './command-handling.js';
import { Committer } from './committer.js';
import { ConfirmedWrites } from './confirmed-writes.js';
import { removeGoneConsumers } from './consumer-groups.js';
import { ConsumerLoop } from './consumer-loop.js';
import type { EntryPool } from './entry-pool.js';
import { MAX_DEAD_LETTERS } from './dead-letter.js';
import { DeadLetters } from './dead-letters.js';
import { EntryMeter } from './entry-meter.js';
import { EventHandling, type EventHandler } from './event-handling.js';
import { callHandler, type CallHandler } from './handler-call.js';
import type { HandlerExtras } from './on-event.js';
import { PeriodicTask } from './periodic-task.js';
import { createConnection } from './redis-connection.js';
import { redisTime } from './redis-time.js';
import { moveDueRetries } from './retry-mover.js';
import { ServiceStreams, USUAL_LANE } from './service-streams.js';
import type { Delivery } from './stream-entry.js';
import { settingsOf, type Settings, type StreamsOptions } from './streams-options.js';
import { transportId } from './transport-id.js';
import { trimAcknowledged } from './trimmer.js';
import { waitingName } from './waiting-name.js';

/** `connected`, or `trouble: <why>` while Redis is out of order; the server goes on by itself as soon as it can. */
export type StreamsStatus = string;

export interface StreamsHealth {
  /** Since Redis last answered a round of reading or a renewal of claims; a second or so in an idle service. */
  readonly silentMs: number;
  /** What is out of order now. */
  readonly trouble: string | undefined;
}

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
  #commits: Redis | undefined;
  #streams: ServiceStreams | undefined;
  #outcomes: Committer | undefined;
  #loops: ConsumerLoop[] = [];
  #waiters: Redis[] = [];
  #tasks: PeriodicTask[] = [];
  #trouble: string | undefined;
  #lastSign = Date.now();
  #hasHooks = false;
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
    this.#start().then(() => callback(), (error: unknown) => this.close().then(() => callback(error), callback));
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
    this.#commits?.disconnect();
    this.#redis = undefined;
  }

  /**
   * Removes entries that all groups have acknowledged and that are older than the retention time, dead letters beyond
   * their bound, and the names of consumers that are gone. Happens by itself every minute.
   */
  async trim(): Promise<void> {
    const [redis, streams] = [this.#redis, this.#streams?.origins];
    if (redis === undefined || streams === undefined) return;
    const { service, retentionMs, claimIdleMs } = this.#settings;
    await trimAcknowledged(redis, this.#trimmed(streams), retentionMs, Date.now());
    const dropped = await new DeadLetters(redis).trim(service);
    if (dropped > 0) this.logger.error(`CASC_DEAD_LETTERS_FULL: ${service} had more than ${MAX_DEAD_LETTERS} dead letters; the oldest ${dropped} were removed.`);
    for (const stream of streams.keys()) await removeGoneConsumers(redis, stream, service, GONE_AFTER_CLAIM_LIMITS * claimIdleMs);
  }

  /** What it reads, and what it publishes: there may be nobody else to trim what nobody reads. */
  #trimmed(read: ServiceStreams['origins']): ReadonlyMap<string, { readonly usual: string }> {
    const published = [...this.#outcomes?.published ?? []].filter((key) => key.startsWith(streamKeys.stream('')));
    return new Map([...published.map((key) => [key, { usual: key.split(':', 2).join(':') }] as const), ...read]);
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
    const committer = await this.#committer(redis);
    this.#outcomes = committer;
    const call: CallHandler = (handler, data, context) => this.#callBetweenHooks(handler, data, context);
    const shared = { settings: this.#settings, committer, call, shutdown: this.#shutdown.signal, logger: this.logger };
    const streams = new ServiceStreams(service, [...this.#events.keys()], [...this.#commands.keys()]);
    const events = new EventHandling({ ...shared, handlers: this.#events, streams });
    const commands = new CommandHandling({ ...shared, handlers: this.#commands, streams, now: () => redisTime(redis) });
    const meter = new EntryMeter(service);
    meter.begin([...streams.eventLanes[USUAL_LANE]!, ...streams.commandLanes[USUAL_LANE]!]);
    const pools: EntryPool[] = [
      { lanes: streams.eventLanes, usualLane: USUAL_LANE, slots: concurrency, handle: meter.measured((delivery: Delivery) => events.handle(delivery)) },
      { lanes: streams.commandLanes, usualLane: USUAL_LANE, slots: commandConcurrency, handle: meter.measured((delivery: Delivery) => commands.handle(delivery)) },
    ].filter(({ lanes }) => lanes[0]!.length > 0);
    if (pools.length > 0) this.#addLoop(pools);
    await Promise.all(this.#loops.map((loop) => loop.start()));
    this.#streams = streams;
    this.#startTasks(redis);
  }

  /** In the durable mode on a connection of its own, which waits for replicas while claims are renewed on the other. */
  async #committer(redis: Redis): Promise<Committer> {
    const { durability } = this.#settings.redis;
    if (durability !== undefined) this.#commits = this.#connect('commits');
    const writes = new ConfirmedWrites({
      redis: this.#commits ?? redis, durability, stopped: this.#stopped.signal,
      onTrouble: (error) => this.#reportTrouble(error),
      onRecovered: () => this.#reportConnected(),
    });
    await writes.checkSupport();
    return new Committer(this.#commits ?? redis, writes, this.#stopped.signal);
  }

  override setOnProcessingStartHook(...[hook]: Parameters<Server['setOnProcessingStartHook']>): void {
    this.#hasHooks = true;
    super.setOnProcessingStartHook(hook);
  }

  override setOnProcessingEndHook(...[hook]: Parameters<Server['setOnProcessingEndHook']>): void {
    this.#hasHooks = true;
    super.setOnProcessingEndHook(hook);
  }

  /** What Nest's hooks (tracing) see as context has two arguments: the event or request, and its run or call. */
  #callBetweenHooks(handler: MessageHandler, data: unknown, context: unknown): Promise<unknown> {
    if (!this.#hasHooks) return callHandler(handler, data, context);
    return new Promise((resolve, reject) => {
      this.runWithProcessingHooks(new BaseRpcContext([data, context]), (end) => callHandler(handler, data, context).finally(end).then(resolve, reject));
    });
  }

  #addLoop(pools: readonly EntryPool[]): void {
    const { service: group, consumer, claimIdleMs, blockMs } = this.#settings;
    const waiter = this.#connect('waiting');
    this.#waiters.push(waiter);
    this.#loops.push(new ConsumerLoop({
      redis: this.#redis!, waiter, pools, group, consumer, claimIdleMs, blockMs,
      onTrouble: (error) => this.#reportTrouble(error),
      onRecovered: () => this.#reportConnected(),
      onSign: () => { this.#lastSign = Date.now(); },
    }));
  }

  #startTasks(redis: Redis): void {
    const onTrouble = (error: unknown): void => this.#reportTrouble(error);
    const pause = Math.min(TRIM_EVERY_MS, this.#settings.retentionMs);
    this.#tasks = [
      new PeriodicTask(() => moveDueRetries(redis, this.#settings.service), onTrouble),
      new PeriodicTask(() => this.trim().then(() => pause), onTrouble, pause),
    ];
    for (const task of this.#tasks) task.start();
  }

  #connect(use: 'commands' | 'commits' | 'waiting'): Redis {
    const { consumer } = this.#settings;
    const connection = createConnection({ ...this.#settings.redis, name: use === 'waiting' ? waitingName.of(consumer) : `${consumer}-${use}`, role: use === 'waiting' ? 'waiting' : 'commands' });
    connection.on('error', (error) => this.#reportTrouble(error));
    connection.on('ready', () => this.#reportConnected());
    return connection;
  }

  /** How it is now, for probes of liveness. */
  get health(): StreamsHealth {
    const silentMs = this.#loops.length === 0 ? 0 : Date.now() - this.#lastSign; // who reads nothing is not silent
    return { silentMs, trouble: this.#trouble };
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
