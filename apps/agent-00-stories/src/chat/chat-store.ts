import { redisKeys, retryable, terminal, type ErrorCode } from '@cascade/contracts';
import { writeOfCascade } from '@cascade/state';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { chatEvent, MAX_EVENT_CHARACTERS, MAX_ROUNDS, type ChatEvent } from './chat-events.js';

/** Bound of a chat's log: two events per round, with room for questions, its start and its end. */
export const MAX_CHAT_EVENTS = MAX_ROUNDS * 4 + 2;
export const chatConflict: ErrorCode = 'CASC_CHAT_CONFLICT';

export interface ChatStore {
  load(): Promise<ChatEvent[]>;
  /** Appends the event with this number; throws CASC_CHAT_CONFLICT when there is one already. */
  append(sequence: number, event: ChatEvent): Promise<void>;
}

/**
 * A chat's events in one Redis stream. An event's number is its entry id (`7-0`), and Redis refuses an id that is not
 * above the last one: that makes an append a compare-and-set, so a second worker or a late one can never fork the log.
 */
export class RedisChatStore implements ChatStore {
  constructor(private readonly redis: Redis, private readonly cascadeId: string) {}

  /** Throws CASC_CHAT_LOG_BROKEN (terminal) for an entry that is none of ours. */
  async load(): Promise<ChatEvent[]> {
    const rows = await this.redis.xrange(redisKeys.chat(this.cascadeId), '-', '+', 'COUNT', MAX_CHAT_EVENTS + 1);
    if (rows.length > MAX_CHAT_EVENTS) throw terminal('CASC_CHAT_TOO_LONG', `The chat has more than ${MAX_CHAT_EVENTS} events.`);
    return rows.map(([id, fields], index) => {
      if (id !== `${index + 1}-0`) throw terminal('CASC_CHAT_LOG_BROKEN', `Event ${index + 1} of the chat has the id ${id}.`, { advice: 'Start the request again.' });
      return parseEvent(index + 1, fields[fields.indexOf('event') + 1] ?? '');
    });
  }

  async append(sequence: number, event: ChatEvent): Promise<void> {
    const text = JSON.stringify(event);
    if (text.length > MAX_EVENT_CHARACTERS) {
      throw terminal('CASC_CHAT_EVENT_TOO_LARGE', `A message of the chat has ${text.length} characters; the limit is ${MAX_EVENT_CHARACTERS}.`, { advice: 'Ask for less in one request.' });
    }
    try {
      await writeOfCascade(this.redis, this.cascadeId, 'XADD', redisKeys.chat(this.cascadeId), `${sequence}-0`, 'event', text, 'at', new Date().toISOString());
    } catch (error) {
      if (error instanceof Error && error.message.includes('equal or smaller')) throw retryable(chatConflict, `Event ${sequence} of the chat exists already.`, { cause: error });
      throw error;
    }
  }
}

function parseEvent(sequence: number, text: string): ChatEvent {
  try {
    return chatEvent.parse(JSON.parse(text.slice(0, MAX_EVENT_CHARACTERS + 1)));
  } catch (error) {
    const problem = error instanceof z.ZodError ? z.prettifyError(error) : 'it is not JSON';
    throw terminal('CASC_CHAT_LOG_BROKEN', `Event ${sequence} of the chat cannot be read: ${problem}`, { advice: 'Start the request again.', cause: error });
  }
}
