import { wordsOf, wordTerms } from './code-tokens.js';
import { searchBounds } from './search-bounds.js';
import { storedFrequency } from './ranking.js';
import { placeWeight, type SearchDocument, searchFieldNames, searchFields } from './search-document.js';
import { WordForms } from './word-forms.js';

/** Words whose terms are remembered: the same few thousand make most of a repository. Forgotten together when they are too many. */
const remembered = 20_000;
/** Longer ones are no words, and seldom the same twice. */
const rememberedLength = 40;

export interface FoundForm {
  readonly term: number;
  readonly weight: number;
}

interface Counted {
  /** Numbers of its terms, each once. */
  readonly terms: readonly number[];
  /** Of each, as it is stored, the sum of what its places count. */
  readonly frequencies: readonly number[];
}

/** Terms by number: a term is looked up as text once per different word, and is a place in arrays from then on. */
export class Vocabulary {
  private readonly numbers = new Map<string, number>();
  private readonly words = new Map<string, readonly number[]>();
  private readonly forms = new WordForms();
  /** How often a term stands in the document that is counted; zeros in between. */
  private sums = new Float64Array(1024);

  get size(): number {
    return this.numbers.size;
  }

  /** A term of a question and what else counts as it, by number, with their weights; without those that `isThere` denies. */
  find(term: string, isThere: (term: number) => boolean): FoundForm[] {
    const knows = (text: string): boolean => {
      const number = this.numbers.get(text);
      return number !== undefined && isThere(number);
    };
    return this.forms.of(term, knows).flatMap(({ term: text, weight }) => (knows(text) ? [{ term: this.numbers.get(text)!, weight }] : []));
  }

  count(document: SearchDocument): Counted {
    const terms: number[] = [];
    for (const field of searchFieldNames) {
      const places = this.fieldTerms(document[field]);
      const weight = placeWeight(searchFields[field], places.length);
      for (const term of places) {
        if (this.sums[term] === 0) terms.push(term);
        this.sums[term] = (this.sums[term] ?? 0) + weight;
      }
    }
    const frequencies = terms.map((term) => storedFrequency(this.sums[term] ?? 0));
    for (const term of terms) this.sums[term] = 0;
    return { terms, frequencies };
  }

  private fieldTerms(text: string): number[] {
    const terms: number[] = [];
    for (const word of wordsOf(text)) {
      for (const term of this.termsOf(word)) if (terms.push(term) === searchBounds.fieldTokens) return terms;
    }
    return terms;
  }

  /** Gives this one's terms their numbers in another vocabulary, as they come. */
  renamed(other: Vocabulary): (term: number) => number {
    const texts = [...this.numbers.keys()];
    return (term) => other.numbered(texts[term] ?? '');
  }

  /** Takes the words over whose terms were renamed into this one. */
  takeForms(other: Vocabulary): void {
    for (const word of other.forms.words()) if (this.numbers.has(word)) this.forms.add(word);
  }

  private termsOf(word: string): readonly number[] {
    const known = this.words.get(word);
    if (known !== undefined) return known;
    const { parts, whole } = wordTerms(word);
    for (const one of parts) this.forms.add(one);
    const terms = (whole === undefined ? parts : [...parts, whole]).map((token) => this.numbered(token));
    if (this.words.size === remembered) this.words.clear();
    if (word.length <= rememberedLength) this.words.set(word, terms);
    return terms;
  }

  private numbered(token: string): number {
    const known = this.numbers.get(token);
    if (known !== undefined) return known;
    const number = this.numbers.size;
    this.numbers.set(token, number);
    if (number === this.sums.length) this.sums = Float64Array.from({ length: number * 2 }, (_, at) => this.sums[at] ?? 0);
    return number;
  }
}
