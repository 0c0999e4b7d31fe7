/** Longest delay of a JavaScript timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A moment after which work is pointless. Without a moment it never passes. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout | undefined;

  /** `leftMs`: milliseconds from now, so that no clock is asked; `reason` makes the error that the signal aborts with. */
  constructor(leftMs: number | undefined, reason: () => Error) {
    if (leftMs === undefined) return;
    if (leftMs <= 0) this.#controller.abort(reason());
    else if (leftMs <= MAX_TIMER_MS) this.#timer = setTimeout(() => this.#controller.abort(reason()), leftMs).unref();
  }

  get passed(): boolean {
    return this.#controller.signal.aborted;
  }

  signalWith(other: AbortSignal): AbortSignal {
    return AbortSignal.any([this.#controller.signal, other]);
  }

  throwIfPassed(): void {
    this.#controller.signal.throwIfAborted();
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
