import { createHash } from 'node:crypto';
import { retryable } from '@cascade/messages';
import { shortened } from '../facts/short-text.js';
import { Best } from '../search/best.js';
import { byRank, type Hit } from '../search/ranking.js';
import { type Embedder, embeddingBounds } from './embedder.js';
import { cosine, type Quantised, quantised } from './quantised.js';
import { VectorCache } from './vector-cache.js';

export interface EmbeddedText {
  readonly id: string;
  readonly text: string;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64');

/** The vectors of a scope's texts. A text is sent once, however often it stands there and whatever became of it meanwhile. */
export class VectorIndex {
  private hashes = new Map<string, string>();

  /** `vectors`: what other scopes have, too. */
  constructor(private readonly embedder: Embedder, private readonly vectors = VectorCache.inMemory()) {}

  /**
   * Brings the index to exactly these texts; asks only for those of which no vector is known. What was brought before an
   * error stays, so the next time goes on from there. Throws what the embedder throws, CASC_EMBEDDINGS_INVALID, and what
   * `signal` aborts with.
   */
  async hold(texts: Iterable<EmbeddedText>, signal?: AbortSignal): Promise<void> {
    const hashes = new Map<string, string>();
    const missing = new Map<string, string>();
    for (const { id, text } of texts) {
      const cut = shortened(text, embeddingBounds.text).text;
      const hash = hashOf(cut);
      hashes.set(id, hash);
      if (this.vectors.get(hash) === undefined) missing.set(hash, cut);
    }
    this.hashes = hashes;
    const asked = [...missing].slice(0, embeddingBounds.texts);
    for (let at = 0; at < asked.length; at += embeddingBounds.batch) {
      signal?.throwIfAborted();
      await this.bring(asked.slice(at, at + embeddingBounds.batch));
    }
  }

  /** The nearest texts; compares with every one. */
  async nearest(query: string, limit: number, accept: (id: string) => boolean = () => true): Promise<Hit[]> {
    const [vector] = await this.vectorsOf([query], embeddingBounds.queryMs);
    const best = new Best<Hit>(limit, byRank);
    for (const [id, hash] of this.hashes) {
      const other = this.vectors.get(hash);
      if (other === undefined || vector === undefined) continue;
      const hit = { id, score: cosine(vector, other) };
      if (hit.score > 0 && best.wants(hit) && accept(id)) best.add(hit);
    }
    return best.sorted();
  }

  private async bring(texts: readonly (readonly [string, string])[]): Promise<void> {
    const vectors = await this.vectorsOf(texts.map(([, text]) => text), embeddingBounds.batchMs);
    texts.forEach(([hash], at) => {
      const vector = vectors[at];
      if (vector !== undefined) this.vectors.put(hash, vector);
    });
  }

  private async vectorsOf(texts: readonly string[], timeoutMs: number): Promise<Quantised[]> {
    const vectors = await this.embedder.embed(texts, AbortSignal.timeout(timeoutMs));
    if (vectors.length !== texts.length) throw retryable('CASC_EMBEDDINGS_INVALID', `The embeddings' endpoint answered ${vectors.length} vectors for ${texts.length} texts.`);
    return vectors.map(quantised);
  }
}
