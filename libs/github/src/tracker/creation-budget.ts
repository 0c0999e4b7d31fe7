/** At most so many creations in any window of so many milliseconds. */
export interface CreationLimit {
  readonly count: number;
  readonly windowMs: number;
}

/**
 * What GitHub allows anybody of content that notifies people (issues, comments, sub-issues, pull requests), web interface
 * included: 80 a minute and 500 an hour
 * (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits), and the
 * three seconds between two that Octokit's throttling keeps in every process, here for all of them together.
 */
export const creationLimits: readonly CreationLimit[] = [{ count: 1, windowMs: 3_000 }, { count: 80, windowMs: 60_000 }, { count: 500, windowMs: 3_600_000 }];

/** Shares the limits among everything that creates with the same credentials, in however many processes. */
export interface CreationBudget {
  /** Waits until `installation` may create one more, and counts it. Ends with `signal`, having counted nothing. */
  take(installation: string, signal?: AbortSignal): Promise<void>;
  /** Milliseconds until `count` more are created, if nobody else creates. */
  timeFor(installation: string, count: number): Promise<number>;
}

/** Without limits, for servers that have none. */
export const unlimitedCreations: CreationBudget = { take: async () => undefined, timeFor: async () => 0 };

/** Milliseconds until `count` more can have been created after `earlier` (Unix milliseconds, ascending). */
export function drainTime(earlier: readonly number[], now: number, count: number, limits = creationLimits): number {
  const times = [...earlier];
  for (let created = 0; created < count; created += 1) {
    const allowed = limits.map((limit) => (times.at(-limit.count) ?? -Infinity) + limit.windowMs);
    times.push(Math.max(now, times.at(-1) ?? now, ...allowed));
  }
  return count === 0 ? 0 : times.at(-1)! - now;
}
