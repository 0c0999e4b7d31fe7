import type { TestPlan } from '@cascade/contracts';
import type { Sandbox } from '@cascade/sandbox';
import { normalise, shorten } from '../run/normalise.js';
import { runTests, type Dependencies } from '../run/run-tests.js';
import { TestLock } from '../run/test-lock.js';
import type { FailureKind, TestRun } from '../run/test-run.js';
import { lintTests } from './lint-tests.js';
import type { Stub } from './stubs-for.js';

export interface ProveRedOptions {
  readonly sandbox: Sandbox;
  readonly plan: TestPlan;
  readonly folder: string;
  readonly dependencies: Dependencies;
  /** The new test files, whole. */
  readonly tests: Readonly<Record<string, string>>;
  /** From `stubsFor`. */
  readonly stubs: readonly Stub[];
  /** Tests (by id) that these files held before and that pass already: they need not be red. */
  readonly knownTests?: readonly string[];
  readonly signal?: AbortSignal;
  /** For each run. */
  readonly timeoutMs: number;
}

/** That new tests were seen to fail for a reason that has to do with the code under test. */
export interface RedCertificate {
  /** Ids of the tests that have to pass later, sorted: exactly these make the task green. */
  readonly tests: readonly string[];
  /** How each of them failed, under the first stub that it failed for. */
  readonly failures: Readonly<Record<string, { readonly stub: string; readonly kind: FailureKind; readonly message: string }>>;
  /** Hash of each test file: the certificate is about these bytes and no others. */
  readonly files: Readonly<Record<string, string>>;
}

export type RedProof =
  | { readonly red: true; readonly certificate: RedCertificate }
  | { readonly red: false; readonly findings: readonly string[] };

const MESSAGE_CHARACTERS = 600;
const MAX_FINDINGS = 30;

const brief = (text: string): string => shorten(normalise(text), MESSAGE_CHARACTERS);

/** What keeps a run from being evidence: it was ended, files did not load, nothing was collected. */
function flaws(label: string, run: TestRun): string[] {
  const under = `With code that ${label === 'the code as it is' ? 'is not written yet' : label}`;
  if (run.killedBy !== null) return [`${under}, the tests had to be ended (${run.killedBy}): they must end by themselves whatever the code does`];
  return [
    ...run.loadErrors.map(({ file, message }) => `${under}, ${file ?? 'the test run'} does not load, which proves nothing: import only what the task's interface names.\n${brief(message)}`),
    ...(run.report.total === 0 && run.loadErrors.length === 0 ? [`${under}, no test was found`] : []),
    ...run.cases.filter(({ failure }) => failure?.kind === 'load').map(({ id }) => `${under}, ${id} does not load`),
  ];
}

function judge(runs: readonly { readonly label: string; readonly run: TestRun }[], known: ReadonlySet<string>): { tests: string[]; failures: RedCertificate['failures']; findings: string[] } {
  const skipped = runs.flatMap(({ run }) => run.cases.filter(({ status }) => status === 'skipped').map(({ id }) => `${id} is skipped`));
  const ids = [...new Set(runs.flatMap(({ run }) => run.cases.map(({ id }) => id)))].filter((id) => !known.has(id)).sort();
  const failures: Record<string, RedCertificate['failures'][string]> = {};
  const findings: string[] = [...new Set(skipped)].sort();
  for (const id of ids) {
    const failed = runs.flatMap(({ label, run }) => run.cases.filter((test) => test.id === id && test.status === 'failed').map((test) => ({ label, failure: test.failure })))[0];
    if (failed?.failure === undefined) findings.push(`${id} passes without an implementation: it has to fail for code that does nothing right`);
    else failures[id] = { stub: failed.label, kind: failed.failure.kind, message: brief(failed.failure.message) };
  }
  if (ids.length === 0) findings.push('The files hold no new test');
  return { tests: ids, failures, findings };
}

/**
 * Proves that new tests are red before anybody writes the code: they load, each fails under at least one wrong implementation,
 * and none passes under all of them. A file that does not load is not red, it is broken.
 * Findings are for whoever wrote the tests; they are the same bytes for the same tests. Throws the signal's reason when it aborts.
 */
export async function proveRed(options: ProveRedOptions): Promise<RedProof> {
  const { sandbox, plan, folder, dependencies, tests, stubs, knownTests, signal, timeoutMs } = options;
  const problems = lintTests(plan, tests);
  if (problems.length > 0) return { red: false, findings: problems.slice(0, MAX_FINDINGS) };
  const lock = new TestLock(tests);
  const runs: { label: string; run: TestRun }[] = [];
  let flawed: string[] | undefined;
  for (const { label, files } of stubs) {
    const run = await runTests({ sandbox, plan, folder, dependencies, lock, overlay: files, files: Object.keys(lock.hashes), timeoutMs, ...(signal === undefined ? {} : { signal }) });
    signal?.throwIfAborted();
    const found = flaws(label, run);
    if (found.length === 0) runs.push({ label, run });
    else flawed ??= found;
  }
  // One kind of wrong code may break a file while it loads (a call at its top level); when every kind does, the file is broken.
  if (runs.length === 0) return { red: false, findings: (flawed ?? ['There was no wrong implementation to try']).slice(0, MAX_FINDINGS) };
  const { tests: ids, failures, findings } = judge(runs, new Set(knownTests));
  if (findings.length > 0) return { red: false, findings: findings.slice(0, MAX_FINDINGS) };
  return { red: true, certificate: { tests: ids, failures, files: lock.hashes } };
}
