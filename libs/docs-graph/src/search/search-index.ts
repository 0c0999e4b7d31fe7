import { Best } from './best.js';
import { byRank, type Hit, rarity, termScore } from './ranking.js';
import { Scoreboard } from './scoreboard.js';
import { searchBounds } from './search-bounds.js';
import type { SearchDocument } from './search-document.js';
import { checkedLimit, queryTerms } from './search-query.js';
import { type Occurrences, TermPostings } from './term-postings.js';
import { Vocabulary } from './vocabulary.js';

interface Entry {
  readonly id: string;
  readonly group: number;
  /** Its terms: removing one document must not look at every term of the index. */
  readonly terms: readonly number[];
}

/**
 * An inverted index in memory. A removed document leaves its places in the postings behind, which are passed over; when
 * they are too many the postings are written anew from what is there. So adding and removing cost what one document costs.
 */
export class SearchIndex {
  private readonly numbers = new Map<string, number>();
  private entries: (Entry | undefined)[] = [];
  /** 1 for each document that was not removed. */
  private present = new Uint8Array(16);
  private vocabulary = new Vocabulary();
  private postings = new TermPostings();
  private readonly scoreboard = new Scoreboard();

  get size(): number {
    return this.numbers.size;
  }

  has(id: string): boolean {
    return this.numbers.has(id);
  }

  /** Adds a document, or puts it at the place of the one with this id; `group` is what a search may choose by. */
  upsert(id: string, document: SearchDocument, group = 0): void {
    this.remove(id);
    const { terms, frequencies } = this.vocabulary.count(document);
    const number = this.entries.push({ id, group, terms }) - 1;
    this.numbers.set(id, number);
    if (number === this.present.length) this.present = doubled(this.present);
    this.present[number] = 1;
    terms.forEach((term, at) => this.postings.add(term, number, frequencies[at] ?? 0));
  }

  /** Whether there was such a document. */
  remove(id: string): boolean {
    const number = this.numbers.get(id);
    const entry = number === undefined ? undefined : this.entries[number];
    if (number === undefined || entry === undefined) return false;
    this.numbers.delete(id);
    this.entries[number] = undefined;
    this.present[number] = 0;
    for (const term of entry.terms) this.postings.forget(term);
    if (this.entries.length - this.size > this.entries.length * searchBounds.deadShare) this.rebuild();
    return true;
  }

  /** The best documents for a question in words or names; `accept` leaves out others by their group. */
  search(query: string, limit: number, accept?: (group: number) => boolean): Hit[] {
    const terms = queryTerms(query);
    const top = new Best<Hit>(checkedLimit(limit), byRank);
    this.scoreboard.begin(this.present.length);
    for (const term of terms) this.score(term);
    this.scoreboard.end();
    for (let number = 0; number < this.entries.length; number += 1) {
      const score = this.scoreboard.take(number);
      if (score === 0 || score < (top.last?.score ?? 0)) continue;
      const { id = '', group = 0 } = this.entries[number] ?? {};
      if ((accept === undefined || accept(group)) && top.wants({ id, score })) top.add({ id, score });
    }
    return top.sorted();
  }

  /** A term that no document has, in no form, is as if it had not been asked. */
  private score(term: string): void {
    const forms = this.vocabulary.find(term, (number) => this.postings.of(number).live > 0);
    if (forms.length > 0) this.scoreboard.nextTerm();
    for (const form of forms) this.scoreForm(this.postings.of(form.term), form.weight);
  }

  private scoreForm({ pairs, size, live }: Occurrences, weight: number): void {
    const { present, scoreboard } = this;
    const rareness = rarity(this.size, live) * weight;
    for (let at = 0; at < size * 2; at += 2) {
      const number = pairs[at] ?? 0;
      if (present[number] === 1) scoreboard.add(number, termScore(rareness, pairs[at + 1] ?? 0));
    }
  }

  /** Numbers documents and terms that are there anew, in the order of the documents; costs one pass over the postings. */
  private rebuild(): void {
    const vocabulary = new Vocabulary();
    const renamed = this.vocabulary.renamed(vocabulary);
    const entries: Entry[] = [];
    const present = new Uint8Array(Math.max(16, this.size * 2)).fill(1, 0, this.size);
    const renumbered = new Int32Array(this.entries.length).fill(-1);
    this.entries.forEach((entry, number) => {
      if (entry === undefined) return;
      renumbered[number] = entries.push({ ...entry, terms: entry.terms.map(renamed) }) - 1;
    });
    this.postings = this.postings.moved(renamed, renumbered);
    vocabulary.takeForms(this.vocabulary);
    this.vocabulary = vocabulary;
    this.entries = entries;
    this.present = present;
    this.numbers.clear();
    entries.forEach(({ id }, number) => this.numbers.set(id, number));
  }
}

function doubled(present: Uint8Array): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(present.length * 2);
  more.set(present);
  return more;
}
