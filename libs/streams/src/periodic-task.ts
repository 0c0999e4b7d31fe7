/** Runs a task again and again, never twice at a time; each run says in how many milliseconds the next is due. */
export class PeriodicTask {
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /** A run that rejects is told to `onTrouble` and repeated after `afterTroubleMs`. */
  constructor(private readonly run: () => Promise<number>, private readonly onTrouble: (error: unknown) => void, private readonly afterTroubleMs = 2_000) {}

  start(delayMs = 0): void {
    this.#timer = setTimeout(() => void this.#turn(), delayMs);
    this.#timer.unref();
  }

  /** A run that is under way is not waited for: it may be waiting for a Redis that does not come back. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #turn(): Promise<void> {
    let next = this.afterTroubleMs;
    try {
      next = await this.run();
    } catch (error) {
      if (!this.#stopped) this.onTrouble(error);
    }
    if (!this.#stopped) this.start(next);
  }
}
