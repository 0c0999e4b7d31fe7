import { Postings } from './postings.js';

/** What one term stands in: `live` of documents that are there, and `pairs` of number and frequency, `size` of them in use. */
export interface Occurrences {
  readonly live: number;
  readonly size: number;
  readonly pairs: Uint32Array;
}

const nowhere: Occurrences = { live: 0, size: 0, pairs: new Uint32Array(0) };

/**
 * The inverted index: from numbers of terms to the documents that contain them. Most terms of code stand in one document
 * only; that one is kept in an array of all terms, without a list of its own.
 */
export class TermPostings {
  private firsts = new Uint32Array(32);
  /** 1 where the only document of a term is in `firsts`. */
  private singles = new Uint8Array(16);
  private readonly lists: (Postings | undefined)[] = [];

  of(term: number | undefined): Occurrences {
    if (term === undefined) return nowhere;
    return this.singles[term] === 1 ? { live: 1, size: 1, pairs: this.firsts.subarray(term * 2, term * 2 + 2) } : this.lists[term] ?? nowhere;
  }

  add(term: number, document: number, frequency: number): void {
    if (term >= this.singles.length) this.grow(term);
    const list = this.lists[term];
    if (list !== undefined) list.add(document, frequency);
    else if (this.singles[term] === 1) {
      const made = new Postings();
      made.add(this.firsts[term * 2] ?? 0, this.firsts[term * 2 + 1] ?? 0);
      made.add(document, frequency);
      this.lists[term] = made;
      this.singles[term] = 0;
    } else {
      this.lists[term] = undefined;
      this.singles[term] = 1;
      this.firsts[term * 2] = document;
      this.firsts[term * 2 + 1] = frequency;
    }
  }

  /** One of its documents is gone; its place in the postings stays, unless it was the last. */
  forget(term: number): void {
    this.singles[term] = 0;
    const list = this.lists[term];
    if (list === undefined) return;
    list.live -= 1;
    if (list.live === 0) this.lists[term] = undefined;
  }

  /** The same postings by other numbers; documents of number -1 are gone. */
  moved(renamed: (term: number) => number, renumbered: Int32Array): TermPostings {
    const made = new TermPostings();
    for (let term = 0; term < this.lists.length; term += 1) {
      const { live, size, pairs } = this.of(term);
      if (live === 0) continue;
      for (let at = 0; at < size * 2; at += 2) {
        const number = renumbered[pairs[at] ?? 0] ?? -1;
        if (number >= 0) made.add(renamed(term), number, pairs[at + 1] ?? 0);
      }
    }
    return made;
  }

  private grow(term: number): void {
    const [firsts, singles] = [new Uint32Array(term * 4), new Uint8Array(term * 2)];
    firsts.set(this.firsts);
    singles.set(this.singles);
    this.firsts = firsts;
    this.singles = singles;
  }
}
