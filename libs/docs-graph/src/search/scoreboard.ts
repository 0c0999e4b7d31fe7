import { coverage } from './ranking.js';

/** What one question finds, by number of the document: the sum of the terms' scores, and how many of the terms. */
export class Scoreboard {
  private sums = new Float64Array(0);
  /** Of the term that is being scored, in whichever form it counts most. */
  private bests = new Float64Array(0);
  /** The last term that was found, by its number from 1. */
  private latest = new Uint8Array(0);
  private found = new Uint8Array(0);
  private term = 0;
  private shares: number[] = [];

  begin(documents: number): void {
    this.term = 0;
    if (documents <= this.sums.length) return;
    [this.sums, this.bests, this.latest, this.found] = [new Float64Array(documents), new Float64Array(documents), new Uint8Array(documents), new Uint8Array(documents)];
  }

  /** What is added from here on is another term of the question, of which there may be 255. */
  nextTerm(): void {
    this.term += 1;
  }

  add(document: number, score: number): void {
    if (this.latest[document] !== this.term) {
      this.latest[document] = this.term;
      this.found[document] = (this.found[document] ?? 0) + 1;
      this.sums[document] = (this.sums[document] ?? 0) + score;
      this.bests[document] = score;
    } else if (score > (this.bests[document] ?? 0)) {
      this.sums[document] = (this.sums[document] ?? 0) + (score - (this.bests[document] ?? 0));
      this.bests[document] = score;
    }
  }

  end(): void {
    this.shares = Array.from({ length: this.term + 1 }, (_, found) => coverage(found, this.term));
  }

  /** A document's score after `end`, once: it is forgotten for the next question. 0 for one that nothing was found in. */
  take(document: number): number {
    const sum = this.sums[document] ?? 0;
    if (sum === 0) return 0;
    const score = sum * (this.shares[this.found[document] ?? 0] ?? 0);
    this.sums[document] = 0;
    this.latest[document] = 0;
    this.found[document] = 0;
    return score;
  }
}
