import type { CommandDefinition, DataOf, EventDefinition, ReplyOf, RequestOf } from './event-definition.js';
import type { Priority } from './priority.js';

/** What may be journalled: what survives `JSON.parse(JSON.stringify(x))`. Interfaces are allowed, hence not an index type. */
export type Json = string | number | boolean | null | object | undefined;

/** Tokens and money of one model call. `usd` is 0 when no price is configured. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly usd: number;
}

export interface StepOptions<T> {
  /** Upper bound of what the step may cost; refused before it runs when the cascade's budget would be passed. */
  readonly reserve?: Usage;
  /** What it did cost; recorded together with the journalled result, hence once. */
  readonly usage?: (result: T) => Usage;
}

/** One line of a cascade's timeline: what the terminal and the dashboard show. */
export interface Progress {
  readonly kind: 'tier' | 'round' | 'artefact' | 'task' | 'story' | 'gate' | 'notice';
  readonly text: string;
  readonly taskId?: string;
  readonly storyId?: string;
  /** For `task`: where it stands. */
  readonly status?: TaskStatus;
}
export type TaskStatus = 'waiting' | 'writing-tests' | 'red' | 'implementing' | 'green' | 'integrating' | 'integrated' | 'conflicted' | 'failed';

/** A hash to write, atomically with the acknowledgement of the event that caused it. */
export interface StateWrite {
  readonly key: string;
  readonly fields: Readonly<Record<string, string>>;
  /** A set that lists the key. */
  readonly indexIn?: string;
  /** A set that no longer lists the key. */
  readonly removeFrom?: string;
  /** A sorted set in which `member` gets this score. */
  readonly scoreIn?: { readonly key: string; readonly member: string; readonly score: number };
  /** A sorted set that no longer lists `member`. */
  readonly unscoreIn?: { readonly key: string; readonly member: string };
  /** Absolute expiry of the key in Unix milliseconds. */
  readonly expireAtMs?: number;
}

export interface Publication<D extends EventDefinition = EventDefinition> {
  readonly definition: D;
  readonly data: DataOf<D>;
  /** Work-item key or cascade id; the cascade id unless given. */
  readonly subject?: string;
  /** That of the cause unless given. */
  readonly priority?: Priority;
}

/** Optimistic lock: the outcome is refused, and the handler run again, when the field has another value by then. */
export interface Expectation {
  readonly key: string;
  readonly field: string;
  /** `''` stands for a field that does not exist. */
  readonly value: string;
}

/** All that handling one event may do to Redis: it becomes visible together with the acknowledgement, or not at all. */
export interface Outcome {
  readonly save: readonly StateWrite[];
  readonly publish: readonly Publication[];
  readonly expect?: Expectation;
}

/** Builds a publication with its payload typed by the definition. */
export function publication<D extends EventDefinition>(definition: D, data: DataOf<D>, subject?: string): Publication {
  return { definition, data, ...(subject === undefined ? {} : { subject }) };
}

/** Something outside that a cascade is about to do; kind and key together name it within the cascade. */
export interface EffectIntent {
  readonly kind: string;
  readonly key: string;
  /** All that is needed to take it back, by whoever cleans up. */
  readonly undo: object;
}

/** The handling of one event for one cascade. Handlers reach everything that must survive a crash through it. */
export interface Run {
  readonly cascadeId: string;
  /**
   * Grows with every handling of any event: hand it to what Redis does not guard (a folder, a remote system) and let that
   * refuse a smaller one than it has seen, because a worker that was frozen does not know that another took over.
   */
  readonly fence: number;
  /** Aborts on the cascade's deadline, its cancellation, or the process's shutdown. */
  readonly signal: AbortSignal;
  /**
   * Runs `fn` once per cascade and journals its JSON result under `name`; a later run of the same handler gets the
   * recorded result without running `fn`. Names are unique within a cascade, e.g. `task/T004/implement/2`. While another
   * worker runs the same step, its result is waited for. Throws `CASC_BUDGET_EXCEEDED` (terminal) before `fn` runs when
   * `reserve` does not fit the budget, `CASC_LEASE_LOST` (retryable) when another worker took the step over meanwhile.
   */
  step<T extends Json>(name: string, fn: () => Promise<T>, options?: StepOptions<T>): Promise<T>;
  /** A step that touches the world outside the journal: how to take it back is recorded before `fn` runs. */
  effect<T extends Json>(intent: EffectIntent, fn: () => Promise<T>): Promise<T>;
  /**
   * Says that the results of the steps whose names begin so are kept elsewhere too, and that a repeated handler asks only
   * for the newest of them. Without it, not asking again for a recorded step counts as a changed program.
   */
  keptElsewhere(prefix: string): void;
  /** Appends to the timeline. At least once: a repeated handler repeats its lines, which carry the same `kind` and ids. */
  progress(line: Progress): Promise<void>;
  /** The answer to a question, or `needs-input` until somebody has given it. */
  ask(name: string, question: string): Promise<string>;
}

/** Sends a command and waits for its reply, until `run.signal` aborts. Idempotent by cascade and `key`. */
export interface CommandBus {
  send<D extends CommandDefinition>(definition: D, request: RequestOf<D>, options: { readonly key: string; readonly cascadeId: string; readonly signal: AbortSignal }): Promise<ReplyOf<D>>;
}
