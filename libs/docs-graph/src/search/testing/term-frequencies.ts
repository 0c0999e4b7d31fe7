import { codeTokens } from '../code-tokens.js';
import { searchBounds } from '../search-bounds.js';
import { fieldWeights, type SearchDocument, searchFields } from '../search-document.js';

export interface TermFrequencies {
  /** Per term the sum over the fields of how often it stands there, times the field's weight. */
  readonly terms: ReadonlyMap<string, number>;
  /** All terms of all fields, each counted once per place. */
  readonly length: number;
}

/** One document as the ranking sees it. */
export function termFrequencies(document: SearchDocument): TermFrequencies {
  const terms = new Map<string, number>();
  let length = 0;
  for (const field of searchFields) {
    const tokens = codeTokens(document[field]).slice(0, searchBounds.fieldTokens);
    length += tokens.length;
    for (const token of tokens) terms.set(token, (terms.get(token) ?? 0) + fieldWeights[field]);
  }
  return { terms, length };
}
