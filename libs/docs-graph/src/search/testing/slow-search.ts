import { byRank, type Hit, rarity, termScore } from '../ranking.js';
import type { SearchDocument } from '../search-document.js';
import { queryTerms } from '../search-query.js';
import { termFrequencies } from './term-frequencies.js';

/** The same ranking without an index: every question reads every document again. */
export function slowSearch(documents: ReadonlyMap<string, SearchDocument>, query: string, limit: number): Hit[] {
  const all = [...documents].map(([id, document]) => ({ id, terms: termFrequencies(document) }));
  const hits = all.map(({ id, terms }) => ({
    id,
    score: queryTerms(query).reduce((sum, term) => {
      const frequency = terms.get(term) ?? 0;
      return frequency === 0 ? sum : sum + termScore(rarity(all.length, all.filter((one) => one.terms.has(term)).length), frequency);
    }, 0),
  }));
  return hits.filter(({ score }) => score > 0).sort(byRank).slice(0, limit);
}
