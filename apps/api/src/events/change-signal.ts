/** Tells everybody who waits that something is another than before. */
export class ChangeSignal {
  /** Grows with every change. */
  version = 0;
  private changed = Promise.withResolvers<void>();

  tell(): void {
    this.version += 1;
    this.changed.resolve();
    this.changed = Promise.withResolvers<void>();
  }

  /** Resolves with the next change after `version`; true when nothing changed within `ms`, or `signal` aborted. */
  async quiet(version: number, ms: number, signal: AbortSignal): Promise<boolean> {
    if (this.version !== version) return false;
    const late = Promise.withResolvers<true>();
    const end = (): void => late.resolve(true);
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
    try {
      return await Promise.race([this.changed.promise.then(() => false), late.promise]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
  }
}
