import { codeTokens } from '../code-tokens.js';
import { storedFrequency } from '../ranking.js';
import { searchBounds } from '../search-bounds.js';
import { placeWeight, type SearchDocument, searchFieldNames, searchFields } from '../search-document.js';

/** One document as the ranking sees it: per term the sum of what its places count, as it is stored. */
export function termFrequencies(document: SearchDocument): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const field of searchFieldNames) {
    const tokens = codeTokens(document[field]).slice(0, searchBounds.fieldTokens);
    for (const token of tokens) sums.set(token, (sums.get(token) ?? 0) + placeWeight(searchFields[field], tokens.length));
  }
  return new Map([...sums].map(([term, sum]) => [term, storedFrequency(sum)]));
}
