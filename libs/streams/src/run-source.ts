import type { CascadeEvent, EntryFields, Outcome, Problem, Run } from '@cascade/messages';

/** Where an event was read from. `fields` are complete: adding them to a stream again gives the same event with the same id. */
export interface EventEntry {
  readonly stream: string;
  readonly id: string;
  readonly fields: EntryFields;
}

/** A hash field that ends the interest in an event: its outcome is dropped when the field has one of `values`. */
export interface Fence {
  readonly key: string;
  readonly field: string;
  readonly values: readonly string[];
}

export interface OpenedRun {
  readonly run: Run;
  /** Told before the outcome of the handler is committed; what it throws takes the outcome's place. */
  check?(outcome: Outcome): Promise<void>;
  /** Releases timers and subscriptions of the run; called once, whatever the handler did. */
  close(): void;
}

/**
 * What the transport needs to know of cascades, implemented by whoever keeps their state; without one there are
 * `plainRuns`. Everything that it throws is treated like an error of the handler.
 */
export interface RunSource {
  /** The run that is given to the handler of `event`. `shutdown` aborts when the process has to stop now. */
  open(event: CascadeEvent, entry: EventEntry, shutdown: AbortSignal): Promise<OpenedRun>;
  /**
   * What to save and publish when an event ends with a terminal error, or its retries or deliveries are exhausted;
   * undefined for an event whose failure is no cascade's: it goes to the dead letters, whatever its error was. An entry
   * that could not be read is told too when it names a cascade: its `data` is undefined, and it is not behind the fence,
   * since its dead letter is written in any case; say in `expect` in which state the cascade can still fail.
   */
  failed(event: CascadeEvent, problem: Problem): Promise<Outcome | undefined>;
  /**
   * What to save and publish when a handler waits for a person. The entry is acknowledged: keep `entry.fields` to deliver
   * it again. Undefined when nobody can be asked: the event goes to the dead letters.
   */
  waiting(event: CascadeEvent, entry: EventEntry, problem: Problem): Promise<Outcome | undefined>;
  /** Told before an event that failed is put back to be tried again after `delayMs`; for people who watch, nothing is decided by it. */
  retrying?(event: CascadeEvent, problem: Problem, delayMs: number): Promise<void>;
  /**
   * Checked atomically with the commit: an outcome (or retry) behind its fence is dropped and its entry acknowledged, so
   * that nothing is published for a cascade that has ended. Give undefined for events that are about the end itself.
   */
  fence(event: CascadeEvent): Fence | undefined;
}
