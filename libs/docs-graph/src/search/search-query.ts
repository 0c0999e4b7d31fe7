import { terminal } from '@cascade/messages';
import { codeTokens } from './code-tokens.js';
import { searchBounds } from './search-bounds.js';

/** The terms of a question, each once, in a fixed order; throws CASC_SEARCH_QUERY_INVALID. */
export function queryTerms(query: string): string[] {
  if (query.length > searchBounds.queryCharacters) throw invalid(`it has ${query.length} characters; the limit is ${searchBounds.queryCharacters}`);
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(query)) throw invalid('it has control characters');
  const terms = [...new Set(codeTokens(query))].sort();
  if (terms.length > searchBounds.queryTokens) throw invalid(`it has ${terms.length} different words; the limit is ${searchBounds.queryTokens}`);
  return terms;
}

/** How many answers are wanted: a whole number from 1 to the bound. */
export function checkedLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= searchBounds.answers) return limit;
  throw invalid(`${limit} answers are no number from 1 to ${searchBounds.answers}`);
}

function invalid(problem: string): Error {
  return terminal('CASC_SEARCH_QUERY_INVALID', `The search cannot be made: ${problem}.`, { advice: 'Ask with a few words or names, without control characters.' });
}
