import { createHash } from 'node:crypto';
import { fromEntry, MAX_DATA_BYTES, retryable, terminal, toEntry, type CascadeEvent, type EntryFields, type EventDefinition, type Priority } from '@cascade/messages';
import type { Write } from './commit-job.js';
import type { PayloadStore } from './payload-store.js';
import type { Delivery } from './stream-entry.js';

/** Bound of a payload's JSON text that is kept in a store, in UTF-8 bytes: whoever handles the event has all of it in memory. */
export const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;

/** CloudEvents extension attributes: where the payload of an entry without `data` is, and its UTF-8 bytes. */
const REFERENCE = 'dataref';
const SIZE = 'datasize';
const SCHEME = 'urn:cascade:payload:sha256:';
const reference = new RegExp(`^${SCHEME}[0-9a-f]{64}$`);
const size = /^[1-9]\d{0,8}$/;

export interface PayloadReference {
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * What an entry says of its payload when it does not carry it; undefined when it does. It comes from outside, and the store
 * sees nothing else of it: throws `CASC_PAYLOAD_INVALID` (terminal).
 */
export function referenceOf(fields: EntryFields): PayloadReference | undefined {
  if (fields['data'] !== undefined || fields[REFERENCE] === undefined) return undefined;
  const { [REFERENCE]: name, [SIZE]: bytes = '' } = fields;
  if (!reference.test(name)) throw invalid(`${REFERENCE} ${JSON.stringify(name.slice(0, 100))} is not ${SCHEME}<64 hex digits>`);
  if (!size.test(bytes) || Number(bytes) > MAX_PAYLOAD_BYTES) throw invalid(`${SIZE} ${JSON.stringify(bytes.slice(0, 100))} is not a number of bytes up to ${MAX_PAYLOAD_BYTES}`);
  return { sha256: name.slice(SCHEME.length), bytes: Number(bytes) };
}

/** The fields of an event whose payload stays where it is. */
export function referringEntry(event: CascadeEvent, { sha256, bytes }: PayloadReference): EntryFields {
  const { data: _, ...fields } = toEntry({ ...event, data: null });
  return { ...fields, [REFERENCE]: `${SCHEME}${sha256}`, [SIZE]: String(bytes) };
}

/**
 * Payloads that are too large for an entry, kept in a store. They are there before an entry refers to them; an entry that
 * is not written after all leaves a payload that the store forgets by itself.
 */
export class ClaimCheck {
  /** Bound of a payload. */
  readonly maxBytes: number;

  constructor(private readonly store: PayloadStore | undefined) {
    this.maxBytes = store === undefined ? MAX_DATA_BYTES : MAX_PAYLOAD_BYTES;
  }

  /** What `toEntry` gave, as fields and values, or the same with a reference. No promise when nothing has to be stored. */
  checkIn(flat: readonly string[]): readonly string[] | Promise<readonly string[]> {
    return isLarge(flat) ? this.#stored(flat) : flat;
  }

  /** The same for all entries of an outcome. */
  checkInAll(writes: Write[]): Write[] | Promise<Write[]> {
    return writes.some(isLargeEntry) ? this.#allStored(writes) : writes;
  }

  /**
   * The event of an entry with its payload. Throws `CASC_PAYLOAD_MISSING` (retryable: it may be on another volume that comes
   * back), and as terminal errors `CASC_PAYLOAD_INVALID` and `CASC_EVENT_INVALID`.
   */
  async redeem(definition: EventDefinition, { id, fields }: Delivery, { sha256, bytes }: PayloadReference, lane?: Priority): Promise<CascadeEvent> {
    const content = await this.store?.get(sha256);
    if (content === undefined) {
      throw retryable('CASC_PAYLOAD_MISSING', `The payload of ${definition.type} (${bytes} bytes, sha256 ${sha256}) ${this.store === undefined ? 'is in a store, and this service has none' : 'is not in the store, or damaged'}.`, {
        advice: 'All services and publishers need the same CASCADE_STORE, on a volume that they share when they run on several machines. Then `cascade dlq retry`.',
      });
    }
    if (content.length !== bytes) throw invalid(`the content has ${content.length} bytes, ${SIZE} says ${bytes}`);
    if (createHash('sha256').update(content).digest('hex') !== sha256) throw invalid(`the content has another hash than ${REFERENCE} says`);
    return fromEntry(definition, id, { ...fields, data: content.toString('utf8') }, lane, MAX_PAYLOAD_BYTES);
  }

  /** One after the other: together they may be large. */
  async #allStored(writes: readonly Write[]): Promise<Write[]> {
    const stored: Write[] = [];
    for (const write of writes) stored.push(isLargeEntry(write) ? { ...write, args: await this.#stored(write.args) } : write);
    return stored;
  }

  async #stored(flat: readonly string[]): Promise<readonly string[]> {
    const data = flat.at(-1)!;
    const sha256 = await this.store!.put(data);
    return [...flat.slice(0, -2), REFERENCE, `${SCHEME}${sha256}`, SIZE, String(Buffer.byteLength(data))];
  }
}

const isLargeEntry = ({ operation, args }: Write): boolean => operation === 'XADD' && isLarge(args);

/** `toEntry` writes the payload last; a character has three bytes at most. */
function isLarge(flat: readonly string[]): boolean {
  const data = flat.at(-1)!;
  return data.length > MAX_DATA_BYTES / 3 && flat.at(-2) === 'data' && Buffer.byteLength(data) > MAX_DATA_BYTES;
}

const invalid = (why: string): Error => terminal('CASC_PAYLOAD_INVALID', `Not a payload of an event: ${why}.`);
