import { z } from 'zod';
import { noReport, type RunnerOutcome } from '../run/runner-adapter.js';
import type { FailureKind, Reported, ReportedCase } from '../run/test-run.js';

const MAX_MESSAGE = 8000;
const text = z.string().transform((value) => value.slice(0, MAX_MESSAGE));

/** The report of `jest --json`, which Vitest's json reporter writes as well. */
const report = z.object({
  testResults: z.array(z.object({
    name: z.string().max(4096),
    status: z.string(),
    message: text.catch(''),
    assertionResults: z.array(z.object({
      ancestorTitles: z.array(z.string().max(2000)).max(100).catch([]),
      title: z.string().max(4000),
      status: z.string(),
      failureMessages: z.array(text).max(100).nullable().catch([]),
      failureDetails: z.array(z.unknown()).max(100).catch([]),
    })).max(100_000),
  })).max(50_000),
});
type Assertion = z.output<typeof report>['testResults'][number]['assertionResults'][number];

const details = z.object({ matcherResult: z.unknown().optional(), code: z.unknown().optional(), name: z.unknown().optional() });
/** Jest and Vitest begin with the matcher's call or the error's name; Jest rewrites the errors of node:assert. */
const assertionMessage = /^[\s\S]{0,60}(?:AssertionError|JestAssertionError|expect\(|assert(?:\.\w+)?\(received)/;

/** Vitest 4 loses the message of a timeout in this report and leaves the name of the error that it made for its stack. */
const timedOut = /(Exceeded timeout of|Test timed out in) \d+ ?ms|^Error: STACK_TRACE_ERROR\b/;

function kindOf(assertion: Assertion): FailureKind {
  const message = assertion.failureMessages?.[0] ?? '';
  if (timedOut.test(message)) return 'timeout';
  const detail = details.safeParse(assertion.failureDetails[0]);
  if (detail.success && (detail.data.matcherResult !== undefined || detail.data.code === 'ERR_ASSERTION' || detail.data.name === 'AssertionError')) return 'assertion';
  return assertionMessage.test(message) ? 'assertion' : 'error';
}

function toCase(file: string, assertion: Assertion): ReportedCase {
  const name = [...assertion.ancestorTitles.filter((title) => title !== ''), assertion.title].join(' > ');
  if (assertion.status === 'passed') return { file, name, status: 'passed' };
  if (assertion.status !== 'failed') return { file, name, status: 'skipped' };
  const kind = kindOf(assertion);
  const message = kind === 'timeout' ? 'The test did not end within its time' : (assertion.failureMessages ?? []).join('\n').slice(0, MAX_MESSAGE) || 'failed';
  return { file, name, status: 'failed', failure: { kind, message } };
}

function read(json: string): z.output<typeof report> | undefined {
  try {
    return report.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

export function parseJestReport(outcome: RunnerOutcome): Reported {
  const found = outcome.report === undefined ? undefined : read(outcome.report);
  if (found === undefined) return noReport(outcome);
  const cases: ReportedCase[] = [];
  const loadErrors: { file: string; message: string }[] = [];
  for (const result of found.testResults) {
    const file = result.name.replace(/^\/workspace\//, '');
    cases.push(...result.assertionResults.map((assertion) => toCase(file, assertion)));
    if (result.assertionResults.length === 0) loadErrors.push({ file, message: result.message.trim() || 'The file holds no test' });
  }
  return cases.length + loadErrors.length === 0 && outcome.exitCode !== 0 ? noReport(outcome) : { cases, loadErrors };
}
