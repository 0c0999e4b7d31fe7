/** Longest wait for a person's answer in milliseconds: 30 days. After it the cascade times out, also with a paused deadline. */
export const MAX_WAITING_MS = 30 * 24 * 3_600_000;

/** What to do with a cascade's deadline while it waits for a person. */
export const DEFAULT_WHILE_WAITING = 'pause';

/** A deadline as the fields `deadline` and `deadline_left_ms` of a cascade's hash tell it, in Unix milliseconds and milliseconds. */
export interface Deadline {
  readonly at: number;
  /** While it is paused: what remains of it. */
  readonly leftMs?: number | undefined;
}

/**
 * Stops the clock: what remains is kept, and the cascade gets the longest wait as its deadline meanwhile. A deadline that
 * is paused keeps what remained, because a second question takes nothing away.
 */
export function pause(deadline: Deadline, now: number): Required<Deadline> {
  return { at: now + MAX_WAITING_MS, leftMs: deadline.leftMs ?? Math.max(0, deadline.at - now) };
}

/** Lets the clock run on with what remained. One that was not paused stays as it is. */
export function resume(deadline: Deadline, now: number): Deadline {
  return deadline.leftMs === undefined ? deadline : { at: now + deadline.leftMs };
}
