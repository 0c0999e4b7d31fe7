import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { cancelled, type TestPlan } from '@cascade/contracts';
import { openSandbox, type Sandbox } from '@cascade/sandbox';
import { HostConfig } from '@cascade/service-host';
import { feedback, installDependencies, runTests, type TestRun } from '@cascade/test-runner';
import { SuiteRunner, type SuiteResult } from './suite.js';

/** Bound of one run of a whole suite. */
const SUITE_TIMEOUT_MS = 15 * 60_000;
const INSTALL_TIMEOUT_MS = 10 * 60_000;

/** What failed, by names that two runs share: tests, and files that could not be loaded. */
function failures(run: TestRun): string[] {
  const tests = run.cases.filter(({ status }) => status === 'failed').map(({ id }) => id);
  const files = run.loadErrors.flatMap(({ file }) => (file === undefined ? [] : [`${file} could not be loaded`]));
  return [...new Set([...tests, ...files])].toSorted();
}

/** How the run ended, or null for one that says nothing of its tests: it was stopped, or has no report. */
const exitCodeOf = (run: TestRun): number | null =>
  (run.killedBy !== null || run.loadErrors.some(({ file }) => file === undefined) ? null : run.exitCode);

/** Runs suites in the sandbox; without a working sandbox nothing that a model wrote runs, and the error says why. */
@Injectable()
export class SandboxedSuiteRunner extends SuiteRunner {
  private sandbox: Promise<Sandbox> | undefined;

  constructor(private readonly config: HostConfig) {
    super();
  }

  /** Throws `CASC_SANDBOX_UNAVAILABLE` and `CASC_DEPENDENCIES_FAILED` (terminal); failing tests are a result. */
  async run(folder: string, plan: TestPlan, signal: AbortSignal): Promise<SuiteResult> {
    const sandbox = await this.open();
    const dependencies = await installDependencies({ plan, folder, cacheRoot: join(this.config.cacheFolder, 'dependencies'), signal, timeoutMs: INSTALL_TIMEOUT_MS });
    const run = await runTests({ sandbox, plan, folder, dependencies, signal, timeoutMs: SUITE_TIMEOUT_MS });
    if (run.killedBy === 'abort' || signal.aborted) throw cancelled('The test run was ended.');
    return { exitCode: exitCodeOf(run), report: run.report, failed: failures(run), feedback: feedback(run) };
  }

  /** Proved once for the process; a failure is not remembered, because a machine can be mended while we run. */
  private open(): Promise<Sandbox> {
    this.sandbox ??= openSandbox().catch((error: unknown) => {
      this.sandbox = undefined;
      throw error;
    });
    return this.sandbox;
  }
}
