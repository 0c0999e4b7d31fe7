import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { ProgramInterface, TestPlan } from '@cascade/contracts';
import { openSandbox, type Sandbox } from '@cascade/sandbox';
import { HostConfig } from '@cascade/service-host';
import { feedback, installDependencies, lintTests, normalise, proveRed, runTests, stubsFor, TestLock, type Dependencies, type TestRun } from '@cascade/test-runner';
import type { BenchRun, RedProof, TestBench, Texts } from './test-bench.js';

/** Bound of one run of tests, in milliseconds. */
export const TEST_TIMEOUT_MS = 180_000;
/** Bound of the installation of a repository's dependencies, in milliseconds. */
export const INSTALL_TIMEOUT_MS = 600_000;

/** Opens test benches on workspaces; the sandbox is opened once per process, when the first one is needed. */
@Injectable()
export class BenchFactory {
  private sandbox: Promise<Sandbox> | undefined;

  constructor(private readonly config: HostConfig) {}

  /**
   * Throws `CASC_SANDBOX_UNAVAILABLE` (terminal): without a sandbox nothing model-written runs; and
   * `CASC_DEPENDENCIES_FAILED` (terminal) when what the repository's tests need cannot be installed.
   */
  async open(plan: TestPlan, folder: string, signal: AbortSignal): Promise<TestBench> {
    const sandbox = await this.opened();
    const dependencies = await installDependencies({ plan, folder, cacheRoot: join(this.config.cacheFolder, 'dependencies'), signal, timeoutMs: INSTALL_TIMEOUT_MS });
    return new SandboxedBench(sandbox, plan, folder, dependencies);
  }

  /** A sandbox that could not be opened is tried again by the next unit: its reason may have been mended meanwhile. */
  private async opened(): Promise<Sandbox> {
    this.sandbox ??= openSandbox();
    try {
      return await this.sandbox;
    } catch (error) {
      this.sandbox = undefined;
      throw error;
    }
  }
}

/** Tests of one workspace, each run in a fresh copy of it inside the sandbox. */
class SandboxedBench implements TestBench {
  constructor(private readonly sandbox: Sandbox, private readonly plan: TestPlan, private readonly folder: string, private readonly dependencies: Dependencies) {}

  lint(tests: Texts): string[] {
    return lintTests(this.plan, tests);
  }

  async proveRed(tests: Texts, options: { readonly interface: readonly ProgramInterface[]; readonly sources: Texts; readonly known: readonly string[]; readonly signal: AbortSignal }): Promise<RedProof> {
    const proof = await proveRed({
      ...this.common(options.signal), tests, knownTests: options.known,
      stubs: stubsFor(this.plan, options.interface, (path) => options.sources[path]),
    });
    options.signal.throwIfAborted();
    return proof.red ? { findings: [], red: proof.certificate.tests } : { findings: proof.findings, red: [] };
  }

  async run(options: { readonly only?: readonly string[]; readonly locked: Texts; readonly signal: AbortSignal }): Promise<BenchRun> {
    const run = await runTests({ ...this.common(options.signal), lock: new TestLock(options.locked), ...(options.only === undefined ? {} : { files: options.only }) });
    options.signal.throwIfAborted(); // a run that was stopped says nothing and must not be journalled
    return reduce(run);
  }

  private common(signal: AbortSignal): { sandbox: Sandbox; plan: TestPlan; folder: string; dependencies: Dependencies; signal: AbortSignal; timeoutMs: number } {
    return { sandbox: this.sandbox, plan: this.plan, folder: this.folder, dependencies: this.dependencies, signal, timeoutMs: TEST_TIMEOUT_MS };
  }
}

function reduce(run: TestRun): BenchRun {
  const ids = (status: string): string[] => run.cases.filter((test) => test.status === status).map((test) => test.id);
  const failures = run.cases.filter((test) => test.status === 'failed').map((test) => `${test.id}: ${normalise(test.failure?.message ?? '').slice(0, 500)}`);
  const loadErrors = run.loadErrors.map((error) => error.file ?? '');
  return {
    exitCode: run.exitCode, killedBy: run.killedBy, passed: ids('passed'), failed: ids('failed'), skipped: ids('skipped'), loadErrors,
    changedTests: run.changedTests, feedback: feedback(run), report: run.report,
    signature: [...failures, ...run.loadErrors.map((error) => `${error.file ?? ''}: ${normalise(error.message).slice(0, 500)}`)].join('\n'),
  };
}
