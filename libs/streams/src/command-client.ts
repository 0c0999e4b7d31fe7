import { cancelled, isCascadeError, streamKeys, type CommandBus, type CommandDefinition, type ReplyOf, type RequestOf } from '@cascade/messages';
import type { Redis } from 'ioredis';
import { commandFields, commandTimeout, readReply, SENT_MARKER_TTL_MS, sentMarker, type StoredReply } from './command-message.js';
import { createConnection } from './redis-connection.js';
import { RedisScript } from './redis-script.js';
import { ReplyBell, type Ring } from './reply-bell.js';
import { flatten } from './stream-entry.js';

const sendCommand = new RedisScript(new URL('./lua/send-command.lua', import.meta.url));

export interface SendOptions {
  /** Names the piece of work within its cascade; the same key gives the same answer without doing it again. */
  readonly key: string;
  readonly cascadeId: string;
  readonly signal: AbortSignal;
  /** Unix milliseconds after which nobody waits any more: the command is not begun later, and stopped when it is under way. */
  readonly deadlineMs?: number;
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
  readonly #bell: ReplyBell;

  constructor(options: { readonly redis: { readonly url: string } }) {
    const { url } = options.redis;
    this.#redis = createConnection({ url, name: 'cascade-commands', role: 'commands' });
    this.#redis.on('error', () => undefined); // it comes back by itself; meanwhile callers wait under their signals
    this.#bell = new ReplyBell(createConnection({ url, name: 'cascade-replies', role: 'waiting' }));
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
    try {
      return readReply(definition, await this.#untilAborted(() => this.#exchange(id, definition.type, fields, signal), signal));
    } catch (error) {
      throw signal.aborted && error === signal.reason ? abortError(definition, error) : error;
    }
  }

  /** Calls that still wait are left to their signals. */
  async close(): Promise<void> {
    this.#bell.close();
    this.#redis.disconnect();
  }

  /** Listens before it sends, so that no ring is missed. */
  async #exchange(id: string, type: string, fields: Record<string, string>, signal: AbortSignal): Promise<StoredReply> {
    const ring = await this.#bell.listen(streamKeys.reply(id));
    try {
      return await this.#sendOnce(id, type, fields) ?? await this.#waitFor(id, ring, signal);
    } finally {
      ring.close();
    }
  }

  async #sendOnce(id: string, type: string, fields: Record<string, string>): Promise<StoredReply | undefined> {
    const keys = [streamKeys.reply(id), sentMarker(id), streamKeys.stream(type)];
    return asReply(await sendCommand.run(this.#redis, keys, [SENT_MARKER_TTL_MS, ...flatten(fields)]));
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

  /** Rejects with the signal's reason as soon as it aborts, and then leaves `work` to itself. */
  async #untilAborted<T>(begin: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await Promise.race([begin(), aborted]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }
}

function asReply(list: unknown): StoredReply | undefined {
  const [kind, text] = list as string[];
  return (kind === 'final' || kind === 'again') && text !== undefined ? [kind, text] : undefined;
}

function abortError(definition: CommandDefinition, reason: unknown): unknown {
  if (isCascadeError(reason)) return reason;
  const isTimeout = reason instanceof DOMException && reason.name === 'TimeoutError';
  return isTimeout ? commandTimeout(definition, reason) : cancelled(`${definition.type} was given up before its reply came.`, { cause: reason });
}
