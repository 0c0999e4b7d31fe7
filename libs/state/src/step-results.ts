import { terminal, type Json } from '@cascade/contracts';
import { MAX_STORED_BYTES, type PayloadStore } from '@cascade/streams';

/** Results whose JSON text is longer, in UTF-8 bytes, are kept in the store; the journal holds a reference. */
export const MAX_INLINE_BYTES = 64 * 1024;
/** Bound of one result's JSON text in UTF-8 bytes. */
export const MAX_RESULT_BYTES = MAX_STORED_BYTES;

/** What the journal holds of a step: its result, or where that is. */
type Entry = { readonly value?: unknown } | { readonly stored: { readonly sha256: string; readonly bytes: number } };

/** Steps' results as the journal's text. Large ones spill over into a store that all workers share. */
export class StepResults {
  constructor(private readonly store?: PayloadStore) {}

  /** Throws `CASC_STEP_RESULT_TOO_LARGE` (terminal), and what the store throws. */
  async encode(step: string, result: Json): Promise<string> {
    const text = JSON.stringify({ value: result });
    const bytes = Buffer.byteLength(text);
    if (bytes <= MAX_INLINE_BYTES) return text;
    const limit = this.store === undefined ? MAX_INLINE_BYTES : MAX_RESULT_BYTES;
    if (this.store === undefined || bytes > limit) throw terminal('CASC_STEP_RESULT_TOO_LARGE', `Step ${step} returned ${bytes} bytes; the limit is ${limit}.`);
    return JSON.stringify({ stored: { sha256: await this.store.put(text), bytes } } satisfies Entry);
  }

  /** A fresh copy, so that a first run and a resumed one see the same plain data. Throws `CASC_STEP_RESULT_LOST` (terminal). */
  async decode<T>(step: string, text: string): Promise<T> {
    const entry = JSON.parse(text) as Entry;
    if (!('stored' in entry)) return entry.value as T;
    const { sha256, bytes } = entry.stored;
    const stored = await this.store?.get(sha256);
    if (stored !== undefined) return (JSON.parse(stored.toString('utf8')) as { value: T }).value;
    throw terminal('CASC_STEP_RESULT_LOST', `The result of step ${step} (${bytes} bytes, sha256 ${sha256}) is not in the store, or damaged.`, {
      advice: 'All services need the same CASCADE_STORE, on a volume that they share when they run on several machines. Start the request again.',
    });
  }
}
