/** The best few of many, kept in order: most of what comes is worse than the last of them and costs one comparison. */
export class Best<T> {
  private readonly best: T[] = [];

  /** `compare` is below 0 when its first is better. */
  constructor(private readonly limit: number, private readonly compare: (a: T, b: T) => number) {}

  /** What has to be beaten; undefined as long as anything is wanted. */
  get last(): T | undefined {
    return this.best.length < this.limit ? undefined : this.best.at(-1);
  }

  wants(one: T): boolean {
    const { last } = this;
    return last === undefined || this.compare(one, last) < 0;
  }

  add(one: T): void {
    let [from, to] = [0, this.best.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      const other = this.best[middle];
      if (other !== undefined && this.compare(other, one) < 0) from = middle + 1;
      else to = middle;
    }
    this.best.splice(from, 0, one);
    if (this.best.length > this.limit) this.best.pop();
  }

  sorted(): T[] {
    return this.best;
  }
}
