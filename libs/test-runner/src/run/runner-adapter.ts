import type { TestPlan } from '@cascade/contracts';
import type { Reported } from './test-run.js';

export interface RunnerRequest {
  readonly plan: TestPlan;
  /** Only these files; the whole suite when undefined. */
  readonly files: readonly string[] | undefined;
  /** Every file of the workspace, sorted. */
  readonly paths: readonly string[];
  /** Path, inside, of the report to write. */
  readonly report: string;
}

export interface RunnerOutcome {
  /** The report's text, or undefined when the runner wrote none. */
  readonly report: string | undefined;
  /** Why a report that was written could not be used. */
  readonly reportProblem?: string;
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether a bound ended it: then a missing report is no riddle. */
  readonly killed: boolean;
}

/** How one test runner is called for a machine-readable report, and how that report is read. */
export interface RunnerAdapter {
  argv(request: RunnerRequest): string[];
  parse(outcome: RunnerOutcome, plan: TestPlan): Reported;
}

const NO_REPORT_CHARACTERS = 4000;

/** A runner that wrote nothing readable did not run: what it said is the best there is. */
export function noReport(outcome: RunnerOutcome): Reported {
  const said = `${outcome.stderr}\n${outcome.stdout}`.trim().slice(-NO_REPORT_CHARACTERS);
  const why = outcome.reportProblem === undefined ? 'The test runner reported nothing' : `What the test runner reported cannot be used: ${outcome.reportProblem.replace(/\.$/, '')}`;
  const message = outcome.killed ? 'The run was ended before the test runner could report' : `${why} (exit code ${outcome.exitCode}). It said:\n${said}`;
  return { cases: [], loadErrors: [{ message }] };
}
