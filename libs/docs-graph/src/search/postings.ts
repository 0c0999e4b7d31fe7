/** The documents that contain one term: number and frequency in turn, in one array that grows. Adding is at the end only. */
export class Postings {
  size = 0;
  /** How many of them belong to documents that are still there. */
  live = 0;
  pairs = new Uint32Array(4);

  add(document: number, frequency: number): void {
    if (this.size * 2 === this.pairs.length) {
      const pairs = new Uint32Array(this.size * 3 & ~1);
      pairs.set(this.pairs);
      this.pairs = pairs;
    }
    this.pairs[this.size * 2] = document;
    this.pairs[this.size * 2 + 1] = frequency;
    this.size += 1;
    this.live += 1;
  }
}
