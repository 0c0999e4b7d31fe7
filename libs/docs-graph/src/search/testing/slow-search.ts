import { wordsOf, wordTerms } from '../code-tokens.js';
import { byRank, coverage, type Hit, rarity, termScore } from '../ranking.js';
import { type SearchDocument, searchFieldNames } from '../search-document.js';
import { queryTerms } from '../search-query.js';
import { WordForms } from '../word-forms.js';
import { termFrequencies } from './term-frequencies.js';

/** The same ranking without an index: every question reads every document again. */
export function slowSearch(documents: ReadonlyMap<string, SearchDocument>, query: string, limit: number): Hit[] {
  const all = [...documents].map(([id, document]) => ({ id, terms: termFrequencies(document) }));
  const holders = (term: string): number => all.filter(({ terms }) => terms.has(term)).length;
  const words = wordForms([...documents.values()]);
  const asked = queryTerms(query).map((term) => words.of(term, (word) => holders(word) > 0)).filter((forms) => forms.some(({ term }) => holders(term) > 0));
  const hits = all.map(({ id, terms }) => {
    let [sum, found] = [0, 0];
    for (const forms of asked) {
      let best = 0;
      for (const { term, weight } of forms) {
        const score = terms.has(term) ? termScore(rarity(all.length, holders(term)) * weight, terms.get(term)!) : 0;
        if (score <= best) continue;
        sum += score - best; // as the index adds, so that the last digits are the same
        best = score;
      }
      if (best > 0) found += 1;
    }
    return { id, score: found === 0 ? 0 : sum * coverage(found, asked.length) };
  });
  return hits.filter(({ score }) => score > 0).sort(byRank).slice(0, limit);
}

function wordForms(documents: readonly SearchDocument[]): WordForms {
  const forms = new WordForms();
  for (const document of documents) {
    for (const one of wordsOf(searchFieldNames.map((field) => document[field]).join(' '))) for (const word of wordTerms(one).parts) forms.add(word);
  }
  return forms;
}
