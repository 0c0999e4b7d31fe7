import { z } from 'zod';
import { toolsMount } from '../run/inside-tools.js';
import { jsonLines } from '../run/json-lines.js';
import { noReport, type RunnerAdapter, type RunnerOutcome, type RunnerRequest } from '../run/runner-adapter.js';
import type { FailureKind, Reported, ReportedCase } from '../run/test-run.js';

const text = z.string().max(20_000).catch('');
const line = z.discriminatedUnion('event', [
  z.object({ event: z.literal('stderr'), file: text.optional(), text }),
  z.object({
    event: z.literal('test'), file: text.optional(), path: z.array(text).min(1).max(100), suite: z.boolean(), passed: z.boolean(), skipped: z.boolean(),
    failureType: text.optional(), error: z.object({ name: text, code: text, message: text, stack: text }).optional(),
  }),
]);
type TestLine = Extract<z.output<typeof line>, { event: 'test' }>;

const LOAD_MESSAGE = 4000;
const MAX_FRAMES = 4;

/** Node flags that take their value as the next word. */
const withValue = new Set(['--import', '--require', '-r', '--loader', '--experimental-loader', '--conditions', '-C', '--test-name-pattern', '--test-concurrency', '--env-file']);

/** Splits the plan's own command into node's flags and the files or patterns that it names. */
function flagsOf(command: readonly string[]): { flags: string[]; patterns: string[] } {
  const flags: string[] = [];
  const patterns: string[] = [];
  for (let index = 1; index < command.length; index += 1) {
    const word = command[index]!;
    if (word.startsWith('--test-reporter')) index += word.includes('=') ? 0 : 1;
    else if (withValue.has(word)) flags.push(word, command[(index += 1)] ?? '');
    else (word.startsWith('-') ? flags : patterns).push(word);
  }
  return { flags, patterns };
}

function argv({ plan, files, report }: RunnerRequest): string[] {
  const { flags, patterns } = flagsOf(plan.command);
  return ['node', ...flags, `--test-reporter=${toolsMount}/node-reporter.mjs`, `--test-reporter-destination=${report}`, ...(files ?? patterns)];
}

function kindOf({ failureType, error }: TestLine): FailureKind {
  if (failureType === 'testTimeoutFailure') return 'timeout';
  return error?.code === 'ERR_ASSERTION' || error?.name === 'AssertionError' || failureType === 'subtestsFailed' ? 'assertion' : 'error';
}

/** What was thrown and the frames of the repository's own code: Node's message alone does not say where. */
function describe({ error, failureType }: TestLine, kind: FailureKind): string {
  if (error === undefined || (error.message === '' && error.stack === '')) return failureType || 'failed';
  if (kind !== 'error') return error.message;
  const frames = error.stack.split('\n').filter((entry) => /^\s+at .*\/workspace\//.test(entry) && !entry.includes('node_modules/')).slice(0, MAX_FRAMES);
  return [error.name === '' || error.name === 'Error' ? error.message : `${error.name}: ${error.message}`, ...frames].join('\n');
}

/** Node reports a file as a test named by its path when it failed as a whole, or held no test. */
function isFile(test: TestLine): boolean {
  const name = test.path[0]!.replace(/^\/workspace\//, '');
  return test.path.length === 1 && (name === test.file || (test.file === undefined && /\.[cm]?[jt]sx?$/.test(name)));
}

function parse(outcome: RunnerOutcome): Reported {
  if (outcome.report === undefined) return noReport(outcome);
  const lines = jsonLines(outcome.report, line);
  const noise = new Map<string, string>();
  for (const entry of lines) if (entry.event === 'stderr') noise.set(entry.file ?? '', ((noise.get(entry.file ?? '') ?? '') + entry.text).slice(0, LOAD_MESSAGE));
  const cases: ReportedCase[] = [];
  const loadErrors: { file?: string; message: string }[] = [];
  for (const test of lines) {
    if (test.event !== 'test') continue;
    const kind = kindOf(test);
    const failure = { kind, message: describe(test, kind) };
    if (isFile(test)) {
      const file = test.file ?? test.path[0]!.replace(/^\/workspace\//, '');
      loadErrors.push({ file, message: test.passed ? 'The file holds no test, or ended before its tests ran' : noise.get(file)?.trim() || failure.message });
    } else if (test.suite) {
      // A group's failure is that of its tests, unless a hook of it failed.
      if (!test.passed && test.failureType !== 'subtestsFailed') cases.push({ file: test.file, name: `${test.path.join(' > ')} > (group)`, status: 'failed', failure });
    } else {
      const status = test.skipped ? 'skipped' : test.passed ? 'passed' : 'failed';
      cases.push({ file: test.file, name: test.path.join(' > '), status, ...(status === 'failed' ? { failure } : {}) });
    }
  }
  return cases.length + loadErrors.length === 0 && outcome.exitCode !== 0 ? noReport(outcome) : { cases, loadErrors };
}

export const nodeTest: RunnerAdapter = { argv, parse };
