/** A model that gives texts places in space; who implements it talks to an endpoint, here is none. */
export interface Embedder {
  /** One vector per text, in their order. Whatever it throws, the search goes on by words. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly (readonly number[])[]>;
}

export const embeddingBounds = {
  /** Texts of one request. */
  batch: 64,
  /** Characters of a text that are embedded. */
  text: 2_000,
  /** Numbers of one vector. */
  dimensions: 4_096,
  /** Of all vectors that are kept; then the older half is forgotten, and found by words alone until it is asked for again. */
  bytes: 256 * 1024 * 1024,
  /** Of one branch; further texts are found by words alone. */
  texts: 100_000,
  /** What a question waits for its own vector. */
  queryMs: 2_000,
  /** What one batch of documents may take. */
  batchMs: 60_000,
  /** Of each ranking, what takes part in the joint one. */
  ranked: 200,
} as const;
