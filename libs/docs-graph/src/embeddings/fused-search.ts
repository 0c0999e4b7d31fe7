import { asCascadeError } from '@cascade/messages';
import { shortened } from '../facts/short-text.js';
import type { DocsReadModel, SearchHit, SearchKind } from '../questions/read-model.js';
import { embeddingBounds } from './embedder.js';
import { reciprocalRanks } from './reciprocal-ranks.js';
import type { VectorIndex } from './vector-index.js';

export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  readonly how: 'words' | 'fused';
  readonly notices: readonly string[];
}

/**
 * Searches by words, and by nearness where there are vectors, joined by ranks. When the embedder fails the words alone
 * answer and a notice says so. Throws CASC_SEARCH_QUERY_INVALID.
 */
export async function fusedSearch(model: DocsReadModel, vectors: VectorIndex | undefined, query: string, limit: number, kinds?: readonly SearchKind[]): Promise<SearchAnswer> {
  if (vectors === undefined) return { hits: model.search(query, limit, kinds), how: 'words', notices: [] };
  const byWords = model.rank(query, embeddingBounds.ranked, kinds);
  try {
    const near = await vectors.nearest(query, embeddingBounds.ranked, (id) => model.isOf(id, kinds));
    return { hits: model.named(reciprocalRanks([byWords, near], limit).filter(({ id }) => model.isOf(id, kinds))), how: 'fused', notices: [] };
  } catch (error) {
    const { code, message } = asCascadeError(error);
    return { hits: model.search(query, limit, kinds), how: 'words', notices: [`Ranked by words alone: the embeddings failed (${code}: ${shortened(message, 300).text})`] };
  }
}
