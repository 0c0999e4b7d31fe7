import { streamKeys, toEntry, type CascadeEvent, type EntryFields } from '@cascade/messages';
import type { Write } from './commit-job.js';
import { flatten } from './stream-entry.js';

/** CloudEvents extension attribute: the how many-eth attempt an entry of `retries:<service>` is. */
const ATTEMPT = 'cascadeattempt';
/** Which entry failed: keeps members of the delayed set apart. */
const RETRY_OF = 'cascaderetryof';

/** From 1; entries from outside that claim an absurd attempt count as first. */
export function attemptOf(fields: EntryFields): number {
  const attempt = Number(fields[ATTEMPT]);
  return Number.isSafeInteger(attempt) && attempt > 0 && attempt < 1_000 ? attempt : 1;
}

/** Puts an event aside until `dueMs`; `attempt` is the number that its next handling has. */
export function retryWrite(service: string, event: CascadeEvent, entry: { stream: string; id: string }, attempt: number, dueMs: number): Write {
  const fields = { ...toEntry(event), [ATTEMPT]: String(attempt), [RETRY_OF]: `${entry.stream}/${entry.id}` };
  return { operation: 'ZADD', key: streamKeys.delayed(service), args: [String(Math.ceil(dueMs)), JSON.stringify(flatten(fields))] };
}
