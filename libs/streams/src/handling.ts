import { fromProblem, type CascadeError, type CascadeEvent } from '@cascade/messages';
import type { EntryOutcome, Span } from '@cascade/telemetry';
import type { Attempt } from './attempt-log.js';
import type { PayloadReference } from './claim-check.js';
import type { CommitJob } from './commit-job.js';
import type { EventEntry } from './run-source.js';
import type { Delivery } from './stream-entry.js';

/** One event on its way through a handler. */
export interface Handling {
  readonly event: CascadeEvent;
  readonly entry: EventEntry;
  readonly delivery: Delivery;
  readonly attempt: number;
  /** Attempts before this one that failed. */
  readonly failed: readonly Attempt[];
  /** The payload is not in the entry. */
  readonly reference?: PayloadReference | undefined;
  /** Why it could not be had this time. */
  readonly unread?: CascadeError;
}

/** How an event ends: what is committed with its acknowledgement, and the spans of what that publishes. */
export type Ending = Pick<CommitJob, 'writes' | 'expect' | 'owner'> & { readonly outcome: EntryOutcome; readonly spans?: readonly Span[] };

/** The same error, saying that it did not pass: whoever reads it must not wait for another attempt. */
export function givenUp(error: CascadeError, attempts: number): CascadeError {
  if (attempts === 1) return error;
  return fromProblem({ ...error.toProblem(), message: `${error.message.replace(/\.$/, '')}; tried ${attempts} times.` });
}
