import { redact } from './redact.js';

/**
 * The four kinds of error, and only four; the kind decides what the hand-off does with the entry.
 *
 * - `retryable`: the event is delivered again after a delay, by the service's retry table, then dead-lettered.
 * - `terminal`: the cascade fails with this error's code.
 * - `needs-input`: a person is asked; the cascade waits.
 * - `cancelled`: nothing is published; somebody already ended the cascade or the process is stopping.
 *
 * Identity is a marker symbol from the global registry, so that `isCascadeError` holds across copies of this package
 * and for errors revived from JSON.
 */
const marker = Symbol.for('cascade.error');

export type ErrorKind = 'retryable' | 'terminal' | 'needs-input' | 'cancelled';

/** Stable, documented, asserted in tests: `CASC_` and upper-case words. */
export type ErrorCode = `CASC_${string}`;

export interface ErrorDetails {
  /** What a person can do about it; shown beneath the message. */
  readonly advice?: string;
  /** Lower bound in milliseconds before a retryable error is tried again. */
  readonly retryAfterMs?: number;
  /** More lines: every problem of a payload, the findings of a gate. */
  readonly findings?: readonly string[];
  readonly cause?: unknown;
}

/** The form of an error in events, dead letters and replies: JSON, without a stack. */
export interface Problem {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly message: string;
  readonly advice?: string;
  readonly findings?: readonly string[];
  readonly retryAfterMs?: number;
}

/** Its texts hold no secret that is known or looks like one: they go into events, logs, answers and terminals. */
export class CascadeError extends Error {
  readonly [marker] = true;
  readonly advice: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly findings: readonly string[];

  constructor(readonly kind: ErrorKind, readonly code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(redact(message), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'CascadeError';
    this.advice = details.advice === undefined ? undefined : redact(details.advice);
    this.retryAfterMs = details.retryAfterMs;
    this.findings = details.findings?.map(redact) ?? [];
  }

  toProblem(): Problem {
    return {
      code: this.code,
      kind: this.kind,
      message: this.message,
      ...(this.advice === undefined ? {} : { advice: this.advice }),
      ...(this.findings.length === 0 ? {} : { findings: this.findings }),
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
    };
  }
}

export const retryable = (code: ErrorCode, message: string, details?: ErrorDetails): CascadeError =>
  new CascadeError('retryable', code, message, details);
export const terminal = (code: ErrorCode, message: string, details?: ErrorDetails): CascadeError =>
  new CascadeError('terminal', code, message, details);
export const needsInput = (code: ErrorCode, message: string, details?: ErrorDetails): CascadeError =>
  new CascadeError('needs-input', code, message, details);
export const cancelled = (message: string, details?: ErrorDetails): CascadeError =>
  new CascadeError('cancelled', 'CASC_CANCELLED', message, details);

export function isCascadeError(value: unknown): value is CascadeError {
  return typeof value === 'object' && value !== null && marker in value;
}

/** Anything that was thrown, as a CascadeError: what is not one of ours is a defect, and defects are retried. */
export function asCascadeError(value: unknown): CascadeError {
  if (isCascadeError(value)) return value;
  const message = value instanceof Error ? value.message : String(value);
  return retryable('CASC_DEFECT', `Unexpected error: ${message}`, { cause: value });
}

/** The error that a Problem describes, e.g. one that came back as a command's reply. */
export function fromProblem(problem: Problem): CascadeError {
  return new CascadeError(problem.kind, problem.code, problem.message, {
    ...(problem.advice === undefined ? {} : { advice: problem.advice }),
    ...(problem.findings === undefined ? {} : { findings: problem.findings }),
    ...(problem.retryAfterMs === undefined ? {} : { retryAfterMs: problem.retryAfterMs }),
  });
}
