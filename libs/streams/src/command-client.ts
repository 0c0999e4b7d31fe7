import { streamKeys, type CommandBus, type CommandDefinition, type Priority, type ReplyOf, type RequestOf } from '@cascade/messages';
import type { Redis } from 'ioredis';
import { abortErrorOf, untilAborted } from './abort.js';
import { commandFields, commandTimeout, readReply, SENT_MARKER_TTL_MS, sentMarker, type StoredReply } from './command-message.js';
import { countPublished } from './count-published.js';
import { ConfirmedWrites } from './confirmed-writes.js';
import { sendTraced } from './message-spans.js';
import { createConnection } from './redis-connection.js';
import type { RedisSettings } from './redis-settings.js';
import { RedisScript } from './redis-script.js';
import { redisTime } from './redis-time.js';
import { ReplyBell, type Ring } from './reply-bell.js';
import { flatten } from './stream-entry.js';

const sendCommand = new RedisScript(new URL('./lua/send-command.lua', import.meta.url));

export interface SendOptions {
  /** Names the piece of work within its cascade; the same key gives the same answer without doing it again. */
  readonly key: string;
  readonly cascadeId: string;
  readonly signal: AbortSignal;
  /** Milliseconds after which nobody waits any more: the command is not begun later, and stopped when it is under way. */
  readonly timeoutMs?: number;
}

export interface CommandClientOptions {
  readonly redis: RedisSettings;
  /** What a cascade's commands carry of it; nothing unless given. */
  readonly cascadeOf?: (cascadeId: string) => Promise<CascadeTravel>;
}

/** How everything of one cascade travels. */
export interface CascadeTravel {
  /** When its time is over, in Unix milliseconds by Redis' clock; nothing for one that has no deadline. */
  readonly deadlineMs?: number | undefined;
  /** Its lane; NORMAL unless given. */
  readonly priority?: Priority | undefined;
}

/**
 * Sends commands and waits for their replies. The reply is stored in Redis, and a bell (pub/sub on one shared
 * connection) only says that it is there: a bell that nobody heard costs time, never an answer.
 *
 * A caller that crashed while it waited sends again with the same key and gets the reply of the first sending. An error
 * that may be tried again is not kept as the answer: the next sending runs the command again.
 */
export class CommandClient implements CommandBus {
  readonly #redis: Redis;
  readonly #writes: ConfirmedWrites;
  readonly #bell: ReplyBell;
  readonly #closed = new AbortController();
  readonly #cascadeOf: NonNullable<CommandClientOptions['cascadeOf']>;

  constructor({ redis, cascadeOf = async () => ({}) }: CommandClientOptions) {
    this.#cascadeOf = cascadeOf;
    this.#redis = createConnection({ ...redis, name: 'cascade-commands', role: 'commands' });
    this.#redis.on('error', () => undefined); // it comes back by itself; meanwhile callers wait under their signals
    this.#writes = new ConfirmedWrites({ redis: this.#redis, durability: redis.durability, stopped: this.#closed.signal });
    this.#bell = new ReplyBell(createConnection({ ...redis, name: 'cascade-replies', role: 'waiting' }));
  }

  /**
   * Throws the error that the reply describes; `CASC_COMMAND_INVALID` or `CASC_REPLY_INVALID` (terminal) when a side
   * breaks the contract; the signal's own CascadeError, `CASC_COMMAND_TIMEOUT` (retryable) for an `AbortSignal.timeout`,
   * and a cancelled error for any other abort.
   */
  async send<D extends CommandDefinition>(definition: D, request: RequestOf<D>, options: SendOptions): Promise<ReplyOf<D>> {
    const { signal } = options;
    const fields = commandFields(definition, request, options);
    const id = fields['id']!;
    const given = (reason: unknown): unknown => abortErrorOf(reason, { timeout: () => commandTimeout(definition, reason), abort: `${definition.type} was given up before its reply came.` });
    if (signal.aborted) throw given(signal.reason);
    return sendTraced(streamKeys.stream(definition.type), { id, type: definition.type, cascadeId: options.cascadeId }, async (traceparent) => {
      const sent = traceparent === undefined ? fields : { ...fields, traceparent };
      return readReply(definition, await untilAborted(this.#exchange(id, definition.type, sent, options), signal, given));
    });
  }

  /** Calls that still wait are left to their signals. */
  async close(): Promise<void> {
    this.#closed.abort();
    this.#bell.close();
    this.#redis.disconnect();
  }

  /** Listens before it sends, so that no ring is missed. What nobody waits for any more by then is not sent. */
  async #exchange(id: string, type: string, fields: Record<string, string>, options: SendOptions): Promise<StoredReply> {
    const called = performance.now();
    const ring = await this.#bell.listen(streamKeys.reply(id));
    try {
      const [{ deadlineMs, priority }, own] = await Promise.all([this.#cascadeOf(options.cascadeId), this.#ownDeadline(options, called)]);
      options.signal.throwIfAborted();
      const travel = { ...(priority === undefined ? {} : { priority }), ...expiry(Math.min(deadlineMs ?? Infinity, own)) };
      return await this.#sendOnce(id, streamKeys.stream(type, priority), { ...fields, ...travel }) ?? await this.#waitFor(id, ring, options.signal);
    } finally {
      ring.close();
    }
  }

  async #sendOnce(id: string, stream: string, fields: Record<string, string>): Promise<StoredReply | undefined> {
    const keys = [streamKeys.reply(id), sentMarker(id), stream];
    const reply = asReply(await this.#writes.confirmed(() => sendCommand.run(this.#redis, keys, [SENT_MARKER_TTL_MS, ...flatten(fields)])));
    if (reply === undefined) countPublished(stream);
    return reply;
  }

  /** When the caller gives up, by Redis' clock. Its time counts from `called` (`performance.now()`), however long it took to get here. */
  async #ownDeadline({ timeoutMs }: SendOptions, called: number): Promise<number> {
    if (timeoutMs === undefined) return Infinity;
    return Math.floor(await redisTime(this.#redis) + timeoutMs - (performance.now() - called));
  }

  async #waitFor(id: string, ring: Ring, signal: AbortSignal): Promise<StoredReply> {
    for (;;) {
      signal.throwIfAborted();
      const next = ring.next();
      const reply = asReply(await this.#redis.lrange(streamKeys.reply(id), 0, 1));
      if (reply !== undefined) return reply;
      await next;
    }
  }
}

const expiry = (atMs: number): { expirytime?: string } => (atMs === Infinity ? {} : { expirytime: new Date(atMs).toISOString() });

function asReply(list: unknown): StoredReply | undefined {
  const [kind, text] = list as string[];
  return (kind === 'final' || kind === 'again') && text !== undefined ? [kind, text] : undefined;
}
