import type { BenchRun } from './test-bench.js';

/** The suite before the task: what it must not lose, and what was broken already. */
export type Baseline = Pick<BenchRun, 'passed' | 'failed' | 'skipped' | 'loadErrors' | 'exitCode'>;

const missing = (wanted: readonly string[], present: readonly string[]): string[] => {
  const known = new Set(present);
  return wanted.filter((name) => !known.has(name));
};
const few = (names: readonly string[]): string => `${names.slice(0, 5).join('; ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
const line = (names: readonly string[], text: (shown: string) => string): string[] => (names.length === 0 ? [] : [text(few(names))]);

/**
 * Why a run of the locked tests is not green; empty when it is. The exit code alone would accept a program that ends
 * itself with 0, so the tests that were red must be among the passed ones, by name.
 */
export function lockedProblems(red: readonly string[], run: BenchRun): string[] {
  return [
    ...line(run.changedTests, (files) => `the code changed the locked tests ${files} while it ran`),
    ...(run.killedBy === null ? [] : [`the run was stopped (${run.killedBy})`]),
    ...line(run.loadErrors.filter((file) => file !== ''), (files) => `${files} could not be loaded`),
    ...line(run.failed, (names) => `failing: ${names}`),
    ...line(missing(red, [...run.passed, ...run.failed, ...run.skipped]), (names) => `these tests did not report a result: ${names}`),
    ...line(run.skipped.filter((name) => red.includes(name)), (names) => `skipped: ${names}`),
    ...(run.exitCode === 0 || run.failed.length > 0 || run.killedBy !== null ? [] : [`the test command ended with exit code ${String(run.exitCode)}`]),
  ];
}

/** What a task broke in the rest of the suite; tests of `ownFiles` are judged by `lockedProblems`. */
export function suiteProblems(baseline: Baseline, run: BenchRun, ownFiles: readonly string[]): string[] {
  const foreign = (name: string): boolean => !ownFiles.some((file) => name.startsWith(`${file} > `));
  const lost = missing(baseline.passed, run.passed).filter(foreign);
  const failing = missing(run.failed, baseline.failed);
  return [
    ...line(run.changedTests, (files) => `the code changed the locked tests ${files} while it ran`),
    ...(run.killedBy === null ? [] : [`the run of the whole suite was stopped (${run.killedBy})`]),
    ...line(missing(run.loadErrors, baseline.loadErrors).filter((file) => file !== ''), (files) => `${files} could not be loaded`),
    ...line(failing, (names) => `failing in the whole suite: ${names}`),
    ...line(lost.filter((name) => !failing.includes(name)), (names) => `passed before and no longer do: ${names}`),
    ...line(missing(run.skipped, baseline.skipped), (names) => `skipped now: ${names}`),
    ...(run.exitCode === 0 || baseline.exitCode !== 0 || run.failed.length > 0 || run.killedBy !== null ? [] : [`the test command ended with exit code ${String(run.exitCode)}`]),
  ];
}

/** Which part of the red tests pass: 1 only for all of them. */
export function redScore(red: readonly string[], run: BenchRun): number {
  const passed = new Set(run.passed);
  return red.length === 0 ? 0 : red.filter((name) => passed.has(name)).length / red.length;
}
