import { hash, randomUUID } from 'node:crypto';

/** Lays out 48 bits of time and 74 bits of content (20 hexadecimal digits, less the version and variant) as a UUIDv7 (RFC 9562, section 5.7). */
function uuidV7(unixMs: number, content: string): string {
  const time = unixMs.toString(16).padStart(12, '0').slice(-12);
  const variant = '89ab'[Number.parseInt(content[4]!, 16) & 3]!;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${content.slice(1, 4)}-${variant}${content.slice(5, 8)}-${content.slice(8, 20)}`;
}

/** A new random id, for what has no cause: an event that a person publishes. */
export function newEventId(now: number = Date.now()): string {
  const random = randomUUID(); // the last twelve and the first eight digits of a v4 UUID are all random
  return uuidV7(now, random.slice(24) + random.slice(0, 8));
}

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * The time in a UUIDv7, in Unix milliseconds; 0 for ids of another kind. What is derived from an event takes its time from
 * here: copies of one event have one id, but not always one `time` (that of a publication is when it was committed).
 */
export function timeOfEventId(id: string): number {
  return UUID_V7.test(id) ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : 0;
}

/**
 * The id of the `index`th event of a cause's outcome: the same whenever the cause is handled again, so that a
 * consumer can tell a repetition from news. Takes its time from `causeTime` (Unix milliseconds), never from the clock.
 */
export function deriveEventId(causeId: string, causeTime: number, index: number | string): string {
  return uuidV7(causeTime, hash('sha256', `${causeId}\n${index}`, 'hex'));
}

/** What people are told of a name that `isCascadeId` refuses. */
export const CASCADE_ID_RULE = 'names a cascade, which takes letters, digits and . _ ~ - only';

/**
 * True for what may name a cascade: up to 200 letters, digits and `. _ ~ -`. Its id is a part of keys, so a `:` from
 * outside would reach other keys than the cascade's own.
 */
export const isCascadeId = (text: string): boolean => /^[\w.~-]{1,200}$/.test(text);
