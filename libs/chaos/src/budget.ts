/**
 * The time that a run may take. Looked at between rounds: a round that has begun is finished, so that a slow machine makes
 * fewer rounds and not a wrong verdict. Wall time, by the monotonic clock.
 */
export class Budget {
  readonly #until: number;

  constructor(readonly ms: number, private readonly now: () => number = () => performance.now()) {
    this.#until = now() + ms;
  }

  get leftMs(): number {
    return Math.max(0, this.#until - this.now());
  }

  /** Whether something that takes about `ms` can still begin. */
  hasTimeFor(ms: number): boolean {
    return this.leftMs > 0 && this.leftMs >= ms;
  }

  /** A part of what is left. */
  share(parts: number): Budget {
    return new Budget(this.leftMs / parts, this.now);
  }
}
