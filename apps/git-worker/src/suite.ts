import type { TestPlan } from '@cascade/contracts';

/** One run of a repository's whole suite. */
export interface SuiteResult {
  /** Null when the run says nothing of its tests: it was stopped, or could not be read. */
  readonly exitCode: number | null;
  readonly report: { readonly total: number; readonly passed: number; readonly failed: number; readonly skipped: number } | undefined;
  /** Names of failed tests, sorted. */
  readonly failed: readonly string[];
  /** For a model: bounded, the same in every run. */
  readonly feedback: string;
}

/** Runs the suite of a checkout in the sandbox. A token for injection, hence a class. */
export abstract class SuiteRunner {
  abstract run(folder: string, plan: TestPlan, signal: AbortSignal): Promise<SuiteResult>;
}

export const isGreen = (suite: SuiteResult): boolean => suite.exitCode === 0 && suite.failed.length === 0;

/**
 * Whether a candidate may be integrated: green, or red with nothing but tests that failed before the cascade began. A
 * suite that fails without naming a test (it does not start, it crashes) or that did not run to its end proves nothing, whatever failed before.
 */
export function isAcceptable(candidate: SuiteResult, baseline: SuiteResult): boolean {
  if (isGreen(candidate)) return true;
  if (candidate.exitCode === null) return false;
  const known = new Set(baseline.failed);
  return candidate.failed.length > 0 && candidate.failed.every((name) => known.has(name));
}
