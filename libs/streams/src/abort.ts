import { cancelled, isCascadeError } from '@cascade/messages';

/** The result of `work`, or the error for the signal's reason as soon as it aborts; `work` is then left to itself. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal, errorOf: (reason: unknown) => unknown): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(errorOf(signal.reason));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  work.catch(() => undefined); // nobody waits for it after an abort
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** What an abort means to a caller: the signal's own CascadeError, `timeout` for an `AbortSignal.timeout`, else cancelled. */
export function abortErrorOf(reason: unknown, told: { readonly timeout: () => Error; readonly abort: string }): unknown {
  if (isCascadeError(reason)) return reason;
  const isTimeout = reason instanceof DOMException && reason.name === 'TimeoutError';
  return isTimeout ? told.timeout() : cancelled(told.abort, { cause: reason });
}
