import { entryEventId, priorityOf, streamKeys, terminal, type CascadeError, type EntryFields } from '@cascade/messages';
import type { Redis } from 'ioredis';
import { attemptsField } from './attempt-log.js';
import { MAX_DEAD_LETTERS, parseDeadLetter, type StoredLetter } from './dead-letter.js';
import { RedisScript } from './redis-script.js';
import { RETRY_OF } from './retry-entry.js';
import type { Fence } from './run-source.js';
import { fieldsOf, flatten } from './stream-entry.js';

const retryScript = new RedisScript(new URL('./lua/retry-dead-letter.lua', import.meta.url));
/** Letters that are read in one call: each may be half a megabyte. */
const PAGE = 50;

/** What `fenceOf` is asked about: an entry may have been no event at all. */
export interface LetterOrigin {
  readonly type: string;
  readonly cascadeId: string;
}

/** The dead letters of all services, for people and their tools. */
export class DeadLetters {
  /** `fenceOf` says by which field the cascade of an event shows that it has ended, as the services' `RunSource` does. */
  constructor(private readonly redis: Redis, private readonly fenceOf: (origin: LetterOrigin) => Fence | undefined = () => undefined) {}

  /** Services that have dead letters, by name. */
  async services(): Promise<string[]> {
    const prefix = `${String(this.redis.options.keyPrefix ?? '')}${streamKeys.deadLetters('')}`; // patterns and what they find are not prefixed by ioredis
    const found = new Set<string>();
    let cursor = '0';
    do {
      const [next, keys] = await this.redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', 1_000, 'TYPE', 'stream');
      for (const key of keys) found.add(key.slice(prefix.length));
      cursor = next;
    } while (cursor !== '0');
    return [...found].sort((a, b) => (a < b ? -1 : 1));
  }

  /** Oldest first; at most `limit`, only those with `code` when it is given. */
  async list(service: string, { code, limit = MAX_DEAD_LETTERS }: { readonly code?: string | undefined; readonly limit?: number | undefined } = {}): Promise<StoredLetter[]> {
    const letters: StoredLetter[] = [];
    for (let from = '-'; letters.length < limit;) {
      const page = await this.redis.xrange(streamKeys.deadLetters(service), from, '+', 'COUNT', PAGE);
      const parsed = page.map(([id, flat]) => ({ ...parseDeadLetter(fieldsOf(flat)), id }));
      letters.push(...parsed.filter((letter) => code === undefined || letter.problem.code === code));
      if (page.length < PAGE) break;
      from = `(${page.at(-1)![0]}`;
    }
    return letters.slice(0, limit);
  }

  async find(service: string, id: string): Promise<StoredLetter | undefined> {
    if (!/^\d{1,20}-\d{1,20}$/.test(id)) return undefined;
    const [entry] = await this.redis.xrange(streamKeys.deadLetters(service), id, id);
    return entry && { ...parseDeadLetter(fieldsOf(entry[1])), id };
  }

  /**
   * Delivers a letter's entry to its service once more, and to nobody else, as a first attempt: through the service's
   * retries stream, because other services read the event's own stream too. The event keeps its id, so that what its
   * handler publishes has the ids that it would have had at first; `cascaderetryof` names the letter. Repeating the call
   * does nothing: the letter is gone with the first one.
   *
   * Throws (all terminal) `CASC_DEAD_LETTER_UNKNOWN`; `CASC_DEAD_LETTER_FINAL` for a letter that cannot be delivered
   * again: a command, whose caller has had its answer, or an entry that was too long to keep; and
   * `CASC_DEAD_LETTER_CASCADE_ENDED`, because nothing that its handler does would be kept.
   */
  async retry(service: string, id: string): Promise<void> {
    const letter = await this.find(service, id);
    if (letter === undefined) throw unknown(service, id);
    if (letter.cut) throw terminal('CASC_DEAD_LETTER_FINAL', `Only the beginning of ${letter.stream} ${letter.entryId} was kept: it was longer than any event.`);
    if (letter.fields['cascadekey'] !== undefined) throw terminal('CASC_DEAD_LETTER_FINAL', `${letter.fields['type']} is a command: whoever gave it has had its error as the answer, and asks again when it wants to.`);
    const fence = this.fenceOf({ type: letter.fields['type'] ?? '', cascadeId: letter.fields['correlationid'] ?? '' });
    const keys = [streamKeys.deadLetters(service), streamKeys.retries(service, priorityOf(letter.fields['priority'])), ...(fence === undefined ? [] : [fence.key])];
    const values = fence?.values ?? [];
    const result = String(await retryScript.run(this.redis, keys, [id, fence?.field ?? '', values.length, ...values, ...flatten(retriedFields(letter))]));
    if (result === 'gone') throw unknown(service, id);
    if (result.startsWith('ended ')) throw ended(letter, result.slice('ended '.length));
  }

  /** Whether there was such a letter. */
  async drop(service: string, id: string): Promise<boolean> {
    return /^\d{1,20}-\d{1,20}$/.test(id) && await this.redis.xdel(streamKeys.deadLetters(service), id) === 1;
  }

  /** Removes the oldest letters beyond the bound; gives their number. */
  async trim(service: string): Promise<number> {
    return this.redis.xtrim(streamKeys.deadLetters(service), 'MAXLEN', MAX_DEAD_LETTERS);
  }
}

/** An entry without an id of its own gets the one that it had by its place. */
function retriedFields({ fields, stream, service, id, entryId, failed }: StoredLetter): EntryFields {
  const type = fields['type'] ?? '';
  const isFirst = fields['id'] === undefined && !stream.startsWith(streamKeys.retries(service));
  return { ...fields, ...(isFirst ? { id: entryEventId(type, entryId) } : {}), ...attemptsField(failed), [RETRY_OF]: `${streamKeys.deadLetters(service)}/${id}` };
}

const unknown = (service: string, id: string): CascadeError =>
  terminal('CASC_DEAD_LETTER_UNKNOWN', `${service} has no dead letter ${JSON.stringify(id.slice(0, 50))} (any more).`, { advice: '`cascade dlq list` shows the ones that are there.' });

const ended = (letter: StoredLetter, state: string): CascadeError =>
  terminal('CASC_DEAD_LETTER_CASCADE_ENDED', `Cascade ${letter.fields['correlationid']} has ended (${state}): whatever ${letter.fields['type']} did now would be dropped.`, {
    advice: 'Ask for the change again with `cascade run`; `cascade dlq drop` removes the letter.',
  });
