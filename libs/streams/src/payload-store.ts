/** Where bytes are that are too big for Redis. Content-addressed: the same bytes have the same name and are kept once. */
export interface PayloadStore {
  /** Resolves when the bytes are safe; gives their name, the SHA-256 in lower-case hex. Putting again is harmless and keeps them longer. */
  put(content: string | Uint8Array): Promise<string>;
  /** The bytes, verified against their name; undefined when they are not here (any more). */
  get(sha256: string): Promise<Buffer | undefined>;
}
