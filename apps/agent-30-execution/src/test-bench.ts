import type { DataOf, ProgramInterface, taskImplemented } from '@cascade/contracts';

/** One run of tests, reduced to what is decided by it and what a prompt may hold. Journalled, hence plain data. */
export interface BenchRun {
  readonly exitCode: number | null;
  readonly killedBy: string | null;
  /** Ids of test cases, sorted. */
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
  /** Files that did not load, sorted; `''` stands for the run itself. */
  readonly loadErrors: readonly string[];
  /** Locked files that the run changed. */
  readonly changedTests: readonly string[];
  /** What went wrong, bounded and the same in every run with the same failures. */
  readonly feedback: string;
  /** The same for two runs that fail in the same way. */
  readonly signature: string;
  readonly report: NonNullable<DataOf<typeof taskImplemented>['evidence']['report']>;
}

export interface RedProof {
  /** Why the tests are not acceptable, as sentences for their author; empty when they are red as they should be. */
  readonly findings: readonly string[];
  /** Ids of the tests that fail for want of the behaviour. */
  readonly red: readonly string[];
}

export type Texts = Readonly<Record<string, string>>;

/** What the worker needs of test runner and sandbox: one workspace, one repository's way to test. */
export interface TestBench {
  /** Problems of test files that show without running them. */
  lint(tests: Texts): string[];
  /** Proves that the tests in the workspace fail against wrong stand-ins for the interface, for the right reason. */
  proveRed(tests: Texts, options: {
    readonly interface: readonly ProgramInterface[];
    /** The code's own files as they are at the base. */
    readonly sources: Texts;
    /** Ids of tests that passed before these were written: they need not be red. */
    readonly known: readonly string[];
    readonly signal: AbortSignal;
  }): Promise<RedProof>;
  /** Runs `only` these test files, or the whole suite; `locked` texts are restored before. */
  run(options: { readonly only?: readonly string[]; readonly locked: Texts; readonly signal: AbortSignal }): Promise<BenchRun>;
}
