import { isCascadeError, type TestPlan } from '@cascade/contracts';
import { readArtefact, type Sandbox, type SandboxMount } from '@cascade/sandbox';
import { runners } from '../runners/runners.js';
import { insideTools, reportMount, toolsMount } from './inside-tools.js';
import type { RunnerOutcome } from './runner-adapter.js';
import { scratchMounts } from './scratch-folders.js';
import type { TestLock } from './test-lock.js';
import { identify, type Reported, type TestRun } from './test-run.js';
import { copyWorkspace, type WorkspaceCopy } from './workspace-copy.js';

/** What `installDependencies` found or made: folders to mount and variables to set. */
export interface Dependencies {
  readonly mounts: readonly SandboxMount[];
  readonly env: Readonly<Record<string, string>>;
}

export const noDependencies: Dependencies = { mounts: [], env: {} };

export interface RunTestsOptions {
  readonly sandbox: Sandbox;
  readonly plan: TestPlan;
  /** The workspace; it is copied, and never written to. */
  readonly folder: string;
  readonly dependencies: Dependencies;
  /** Only these test files; the whole suite when left out. */
  readonly files?: readonly string[];
  /** Files that the copy has instead of, or beside, those of the workspace. */
  readonly overlay?: Readonly<Record<string, string>>;
  /** Written into the copy before the run and compared after it. */
  readonly lock?: TestLock;
  readonly signal?: AbortSignal;
  readonly timeoutMs: number;
}

const REPORT = 'report';
const OUTPUT_BYTES = 2 * 2 ** 20;
const OUTPUT_KEPT = 64_000;
/** A suite of a hundred thousand tests reports in less. Below the sandbox's bound of one file, so that a report above it is told as such. */
const REPORT_BYTES = 48 * 2 ** 20;
const unreadable = new Set(['CASC_ARTEFACT_REFUSED', 'CASC_ARTEFACT_TOO_LARGE']);

/** The same for every run, so that what tests print does not depend on the machine: hash seed, byte code, colours. */
const fixedEnvironment = { PYTHONDONTWRITEBYTECODE: '1', PYTHONHASHSEED: '0', PYTHONPATH: '/workspace/src:/workspace', FORCE_COLOR: '0', NODE_ENV: 'test' };

function environment(dependencies: Dependencies): Record<string, string> {
  const { PYTHONPATH, ...rest } = dependencies.env;
  return { ...fixedEnvironment, ...rest, PYTHONPATH: PYTHONPATH === undefined ? fixedEnvironment.PYTHONPATH : `${fixedEnvironment.PYTHONPATH}:${PYTHONPATH}` };
}

/** The report as far as it can be trusted: bounded, a plain file; anything else counts as no report. */
async function readReport(copy: WorkspaceCopy): Promise<Pick<RunnerOutcome, 'report' | 'reportProblem'>> {
  try {
    return { report: (await readArtefact(copy.report, REPORT, REPORT_BYTES)).toString('utf8') };
  } catch (error) {
    if (!isCascadeError(error) || !unreadable.has(error.code)) throw error;
    return { report: undefined, ...(error.code === 'CASC_ARTEFACT_TOO_LARGE' ? { reportProblem: error.message } : {}) };
  }
}

function conclude(reported: Reported, outcome: RunnerOutcome, killedBy: TestRun['killedBy'], changedTests: readonly string[]): TestRun {
  const cases = identify(reported.cases);
  const count = (status: string): number => cases.filter((test) => test.status === status).length;
  const output = `${outcome.stdout}\n${outcome.stderr}`.trim();
  return {
    exitCode: outcome.exitCode,
    report: { total: cases.length, passed: count('passed'), failed: count('failed'), skipped: count('skipped') },
    cases,
    loadErrors: reported.loadErrors.map(({ file, message }) => ({ message, ...(file === undefined ? {} : { file }) }))
      .sort((a, b) => ((a.file ?? '') < (b.file ?? '') ? -1 : 1)),
    killedBy, changedTests, output: output.length > OUTPUT_KEPT ? output.slice(-OUTPUT_KEPT) : output,
  };
}

/**
 * Runs tests in the sandbox, in a fresh copy of the workspace, and reads the runner's own report. Failing tests are a result.
 * Throws what the sandbox throws, and CASC_WORKSPACE_TOO_LARGE (terminal).
 */
export async function runTests(options: RunTestsOptions): Promise<TestRun> {
  const { sandbox, plan, dependencies, files, lock, signal, timeoutMs } = options;
  const adapter = runners[plan.runner];
  const copy = await copyWorkspace(options.folder, { ...options.overlay, ...lock?.files });
  try {
    const argv = adapter.argv({ plan, files, paths: copy.paths, report: `${reportMount}/${REPORT}` });
    const result = await sandbox.run(argv, {
      cwd: copy.folder, timeoutMs, env: environment(dependencies), maxOutputBytes: OUTPUT_BYTES,
      readOnly: [{ from: insideTools(), to: toolsMount }, ...dependencies.mounts],
      writable: [{ from: copy.report, to: reportMount }, ...await scratchMounts(dependencies.mounts, copy.scratch)],
      ...(signal === undefined ? {} : { signal }),
    });
    const outcome: RunnerOutcome = { ...await readReport(copy), exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr, killed: result.killedBy !== null };
    const changed = lock === undefined ? [] : await lock.changed(copy.folder);
    return conclude(adapter.parse(outcome, plan), outcome, result.killedBy, changed);
  } finally {
    await copy.remove();
  }
}
