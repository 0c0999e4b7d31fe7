import { Postings } from './postings.js';
import { type Hit, rarity, termScore } from './ranking.js';
import { searchBounds } from './search-bounds.js';
import type { SearchDocument } from './search-document.js';
import { checkedLimit, queryTerms } from './search-query.js';
import { termFrequencies } from './term-frequencies.js';
import { TopHits } from './top-hits.js';

interface Entry {
  readonly id: string;
  readonly length: number;
  /** Its terms: removing one document must not look at every term of the index. */
  readonly terms: readonly string[];
}

/**
 * An inverted index in memory. A removed document leaves its places in the postings behind, which are passed over; when
 * they are too many the postings are written anew from what is there. So adding and removing cost what one document costs.
 */
export class SearchIndex {
  private readonly numbers = new Map<string, number>();
  private entries: (Entry | undefined)[] = [];
  private terms = new Map<string, Postings>();
  private totalLength = 0;
  private scores = new Float64Array(0);

  get size(): number {
    return this.numbers.size;
  }

  has(id: string): boolean {
    return this.numbers.has(id);
  }

  /** Adds a document, or puts it at the place of the one with this id. */
  upsert(id: string, document: SearchDocument): void {
    this.remove(id);
    const { terms, length } = termFrequencies(document);
    const number = this.entries.push({ id, length, terms: [...terms.keys()] }) - 1;
    this.numbers.set(id, number);
    this.totalLength += length;
    for (const [term, frequency] of terms) this.postingsOf(term).add(number, frequency);
  }

  /** Whether there was such a document. */
  remove(id: string): boolean {
    const number = this.numbers.get(id);
    const entry = number === undefined ? undefined : this.entries[number];
    if (number === undefined || entry === undefined) return false;
    this.numbers.delete(id);
    this.entries[number] = undefined;
    this.totalLength -= entry.length;
    for (const term of entry.terms) this.forget(term);
    if (this.entries.length - this.size > this.entries.length * searchBounds.deadShare) this.rebuild();
    return true;
  }

  /** The best documents for a question in words or names; `accept` leaves out others, e.g. those of another repository. */
  search(query: string, limit: number, accept: (id: string) => boolean = () => true): Hit[] {
    const terms = queryTerms(query);
    const top = new TopHits(checkedLimit(limit));
    const touched = this.score(terms);
    for (const number of touched) {
      const id = this.entries[number]?.id;
      const score = this.scores[number] ?? 0;
      this.scores[number] = 0;
      if (id !== undefined && top.wants({ id, score }) && accept(id)) top.add({ id, score });
    }
    return top.sorted();
  }

  private score(terms: readonly string[]): number[] {
    const mean = this.totalLength / Math.max(1, this.size);
    const touched: number[] = [];
    if (this.scores.length < this.entries.length) this.scores = new Float64Array(this.entries.length * 2);
    for (const postings of terms.map((term) => this.terms.get(term))) {
      if (postings === undefined) continue;
      const rareness = rarity(this.size, postings.live);
      for (let at = 0; at < postings.size; at += 1) {
        const number = postings.documents[at] ?? 0;
        const entry = this.entries[number];
        if (entry === undefined) continue;
        if (this.scores[number] === 0) touched.push(number);
        this.scores[number] = (this.scores[number] ?? 0) + termScore(rareness, postings.frequencies[at] ?? 0, entry.length, mean);
      }
    }
    return touched;
  }

  private postingsOf(term: string): Postings {
    const known = this.terms.get(term);
    if (known !== undefined) return known;
    const made = new Postings();
    this.terms.set(term, made);
    return made;
  }

  private forget(term: string): void {
    const postings = this.terms.get(term);
    if (postings === undefined) return;
    postings.live -= 1;
    if (postings.live === 0) this.terms.delete(term);
  }

  /** Numbers the documents that are there anew, in their order; costs one pass over the postings. */
  private rebuild(): void {
    const renumbered = new Map<number, number>();
    const entries: Entry[] = [];
    this.entries.forEach((entry, number) => {
      if (entry !== undefined) renumbered.set(number, entries.push(entry) - 1);
    });
    for (const [term, old] of this.terms) {
      const fresh = new Postings();
      for (let at = 0; at < old.size; at += 1) {
        const number = renumbered.get(old.documents[at] ?? 0);
        if (number !== undefined) fresh.add(number, old.frequencies[at] ?? 0);
      }
      this.terms.set(term, fresh);
    }
    this.entries = entries;
    this.numbers.clear();
    entries.forEach(({ id }, number) => this.numbers.set(id, number));
    this.scores = new Float64Array(0);
  }
}
