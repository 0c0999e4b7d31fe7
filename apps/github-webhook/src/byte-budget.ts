/** Bytes that may be held at the same time, whoever holds them. */
export class ByteBudget {
  #held = 0;

  constructor(private readonly maxBytes: number) {}

  /** False, and nothing taken, when there is no room for so many. */
  take(bytes: number): boolean {
    if (this.#held + bytes > this.maxBytes) return false;
    this.#held += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#held -= bytes;
  }
}
