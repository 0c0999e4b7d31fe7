import { byRank, type Hit } from './ranking.js';

/** The best few of many, kept in order: most of what comes is worse than the last of them and costs one comparison. */
export class TopHits {
  private readonly best: Hit[] = [];

  constructor(private readonly limit: number) {}

  wants(hit: Hit): boolean {
    const last = this.best.at(-1);
    return this.best.length < this.limit || last === undefined || byRank(hit, last) < 0;
  }

  add(hit: Hit): void {
    let [from, to] = [0, this.best.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      const other = this.best[middle];
      if (other !== undefined && byRank(other, hit) < 0) from = middle + 1;
      else to = middle;
    }
    this.best.splice(from, 0, hit);
    if (this.best.length > this.limit) this.best.pop();
  }

  sorted(): Hit[] {
    return this.best;
  }
}
