import type { CascadeError, ErrorCode } from '@cascade/messages';

/**
 * When a retryable error is tried again: delays in milliseconds by error code, one per retry; `default` serves every
 * other code. An event whose delays are used up goes to the dead letters.
 */
export type RetryTable = Readonly<Partial<Record<ErrorCode, readonly number[]>> & { default: readonly number[] }>;

export const defaultRetryTable: RetryTable = {
  default: [1_000, 5_000, 30_000],
  // Two cascades wrote the same state again and again: short, it is contention and not an outage.
  CASC_STATE_CONFLICT: [200, 1_000, 5_000, 15_000],
};

/** Milliseconds until attempt number `attempt` (from 1) is repeated, or undefined when it was the last. */
export function retryDelay(table: RetryTable, error: CascadeError, attempt: number): number | undefined {
  const delays = table[error.code] ?? table.default;
  const delay = delays[attempt - 1];
  return delay === undefined ? undefined : Math.max(delay, error.retryAfterMs ?? 0);
}
