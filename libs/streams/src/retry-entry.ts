import { streamKeys, type EntryFields } from '@cascade/messages';
import { attemptsField, type Attempt } from './attempt-log.js';
import type { Write } from './commit-job.js';
import type { EventEntry } from './run-source.js';
import { flatten } from './stream-entry.js';

/** CloudEvents extension attribute: the how many-eth attempt an entry of `retries:<service>` is. */
const ATTEMPT = 'cascadeattempt';
/** Which entry or dead letter it repeats: keeps members of the delayed set apart, and tells people where it comes from. */
export const RETRY_OF = 'cascaderetryof';

/** From 1; entries from outside that claim an absurd attempt count as first. */
export function attemptOf(fields: EntryFields): number {
  const attempt = Number(fields[ATTEMPT]);
  return Number.isSafeInteger(attempt) && attempt > 0 && attempt < 1_000 ? attempt : 1;
}

/** Puts an event aside for `delayMs`; `attempt` is the number that its next handling has, `failed` what became of the others. */
export function retryWrite(service: string, entry: EventEntry, attempt: number, failed: readonly Attempt[], delayMs: number): Write {
  const fields = { ...entry.fields, [ATTEMPT]: String(attempt), [RETRY_OF]: `${entry.stream}/${entry.id}`, ...attemptsField(failed) };
  return { operation: 'LATER', key: streamKeys.delayed(service), args: [String(Math.ceil(delayMs)), JSON.stringify(flatten(fields))] };
}
