/**
 * ^C and SIGTERM while a cascade is followed: the first asks to stop in good order (`signal`), the second ends this
 * process at once. Nothing is lost either way, since every finished step is saved.
 */
export interface Interrupt {
  readonly signal: AbortSignal;
  readonly happened: boolean;
  close(): void;
}

export function listenForInterrupt(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    onFirst();
    controller.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return {
    signal: controller.signal,
    get happened() { return controller.signal.aborted; },
    close: () => void process.off('SIGINT', stop).off('SIGTERM', stop),
  };
}
