import { createHash, randomBytes } from 'node:crypto';

/** Lays out 48 bits of time and 74 bits of content as a UUIDv7 (RFC 9562, section 5.7). */
function uuidV7(unixMs: number, content: Uint8Array): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(unixMs, 0, 6);
  bytes.set(content.subarray(0, 10), 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A new random id, for what has no cause: an event that a person publishes. */
export function newEventId(now: number = Date.now()): string {
  return uuidV7(now, randomBytes(10));
}

/**
 * The id of the `index`th event of a cause's outcome: the same whenever the cause is handled again, so that a
 * consumer can tell a repetition from news. Takes its time from `causeTime` (Unix milliseconds), never from the clock.
 */
export function deriveEventId(causeId: string, causeTime: number, index: number | string): string {
  return uuidV7(causeTime, createHash('sha256').update(`${causeId}\n${index}`).digest());
}
