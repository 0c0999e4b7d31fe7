/** Longest delay of a JavaScript timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A moment after which work is pointless. Without a moment it never passes. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout | undefined;

  /** `atMs` in Unix milliseconds; `reason` makes the error that the signal aborts with. */
  constructor(atMs: number | undefined, reason: () => Error) {
    if (atMs === undefined) return;
    const left = atMs - Date.now();
    if (left <= 0) this.#controller.abort(reason());
    else if (left <= MAX_TIMER_MS) this.#timer = setTimeout(() => this.#controller.abort(reason()), left).unref();
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
