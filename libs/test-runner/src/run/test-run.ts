import type { KilledBy } from '@cascade/sandbox';

/**
 * Why a test failed. Only `assertion` and `error` (and a test's own `timeout`) say something about the code under test;
 * `load` means that the test never ran: its file does not parse, or imports what is not there.
 */
export type FailureKind = 'assertion' | 'error' | 'load' | 'timeout';

export interface TestFailure {
  readonly kind: FailureKind;
  readonly message: string;
}

export interface TestCase {
  /** File and full name, unique within a run: `test/cart.test.js > Cart > adds up`. */
  readonly id: string;
  /** Groups and title, joined by ` > `. */
  readonly name: string;
  readonly file?: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly failure?: TestFailure;
}

export interface TestRun {
  readonly exitCode: number | null;
  readonly report: { readonly total: number; readonly passed: number; readonly failed: number; readonly skipped: number };
  readonly cases: readonly TestCase[];
  /** Files that could not be loaded or held no test, and whatever else kept a runner from running. */
  readonly loadErrors: readonly { readonly file?: string; readonly message: string }[];
  readonly killedBy: KilledBy | null;
  /** Locked test files that the run itself changed: always a reason to refuse the code. */
  readonly changedTests: readonly string[];
  /** stdout and stderr, bounded, not normalised. */
  readonly output: string;
}

/** What an adapter reads out of its runner's report; ids and counts are made from it in one place. */
export interface ReportedCase {
  readonly file?: string | undefined;
  readonly name: string;
  readonly status: TestCase['status'];
  readonly failure?: TestFailure | undefined;
}

export interface Reported {
  readonly cases: readonly ReportedCase[];
  readonly loadErrors: readonly { readonly file?: string | undefined; readonly message: string }[];
}

/** Everything succeeded: exit code 0, nothing killed, nothing unloadable, at least one test, none failed or skipped, no test file changed. */
export function isGreen(run: TestRun): boolean {
  return run.exitCode === 0 && run.killedBy === null && run.loadErrors.length === 0 && run.changedTests.length === 0
    && run.report.total > 0 && run.report.passed === run.report.total;
}

/** Cases with unique ids, in the order of their ids, so that the same tests give the same list whatever order they ran in. */
export function identify(cases: readonly ReportedCase[]): TestCase[] {
  const seen = new Map<string, number>();
  const identified = cases.map(({ file, name, status, failure }): TestCase => {
    const plain = file === undefined ? name : `${file} > ${name}`;
    const count = (seen.get(plain) ?? 0) + 1;
    seen.set(plain, count);
    return { id: count === 1 ? plain : `${plain} #${count}`, name, status, ...(file === undefined ? {} : { file }), ...(failure === undefined ? {} : { failure }) };
  });
  return identified.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
