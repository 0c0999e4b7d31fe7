import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { noReport, type RunnerAdapter, type RunnerOutcome, type RunnerRequest } from '../run/runner-adapter.js';
import type { FailureKind, Reported, ReportedCase } from '../run/test-run.js';

const MAX_MESSAGE = 8000;
const MAX_PLACES = 4;
const NOT_COLLECTED = 5;
const words = z.union([z.string(), z.number()]).transform((value) => String(value).slice(0, MAX_MESSAGE)).catch('');
const problem = z.array(z.object({ message: words, '#text': words.optional() })).catch([]).default([]);
const schema = z.object({
  testsuites: z.object({
    testsuite: z.array(z.object({
      testcase: z.array(z.object({
        name: words, classname: words.optional(), file: words.optional(),
        failure: problem, error: problem, skipped: z.array(z.unknown()).optional(),
      })).catch([]).default([]),
    })),
  }),
});
type Testcase = z.output<typeof schema>['testsuites']['testsuite'][number]['testcase'][number];

/** Entities stay as they are while parsing, so that a report cannot blow up; the five of XML are put back by hand. */
const parser = new XMLParser({
  ignoreAttributes: false, attributeNamePrefix: '', parseTagValue: false, parseAttributeValue: false, processEntities: false, trimValues: false,
  isArray: (name) => ['testsuite', 'testcase', 'failure', 'error', 'skipped'].includes(name),
});

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const decode = (value: string): string => value.replace(/&(?:(lt|gt|quot|apos|amp)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/g, (whole, name: string | undefined, decimal: string | undefined, hex: string | undefined) => {
  if (name !== undefined) return named[name] ?? whole;
  const point = decimal !== undefined ? Number(decimal) : Number.parseInt(hex ?? '', 16);
  return point <= 0x10_ffff ? String.fromCodePoint(point) : whole;
});

/** `addopts=`: a repository's own options (coverage, parallel runs) need plug-ins that are not here, and would decide over the exit code. */
function argv({ plan, files, report }: RunnerRequest): string[] {
  return [...plan.command, ...(files ?? []), `--junitxml=${report}`, '-o', 'junit_family=xunit1', '-o', 'addopts=', '-p', 'no:cacheprovider', '--continue-on-collection-errors', '--color=no', '--rootdir=/workspace'];
}

function kindOf(message: string): FailureKind {
  if (message.startsWith('Failed: Timeout')) return 'timeout';
  return /^(AssertionError|assert\b|Failed:)/.test(message) ? 'assertion' : 'error';
}

/** The lines that pytest marks with `E`, which are the error with the compared values, and where it passed; not the source around it. */
function explanation(message: string, body: string): string {
  const marked = body.split('\n').filter((line) => /^E( |$)/.test(line)).map((line) => line.slice(1).replace(/^ {1,7}/, ''));
  const places = body.split('\n').filter((line) => /^[\w./-]+\.py:\d+: \w*$/.test(line)).map((line) => `  at ${line.replace(/: \w*$/, '')}`);
  return [...(marked.length > 0 ? marked : [message]), ...places.slice(-MAX_PLACES)].join('\n');
}

function toCase(test: Testcase): { test?: ReportedCase; load?: { file: string | undefined; message: string } } {
  const file = test.file === undefined || test.file === '' ? undefined : decode(test.file);
  const group = file === undefined ? undefined : decode(test.classname ?? '').slice(file.replace(/\.py$/, '').length + 1);
  const name = [...(group === undefined || group === '' ? [] : group.split('.')), decode(test.name)].join(' > ');
  const bad = test.failure[0] ?? test.error[0];
  if (bad === undefined) return { test: { file, name, status: test.skipped === undefined ? 'passed' : 'skipped' } };
  const message = decode(bad.message);
  const shown = explanation(message, decode(bad['#text'] ?? ''));
  if (message === 'collection failure') return { load: { file: file ?? fileOfModule(decode(test.name)), message: shown } };
  return { test: { file, name, status: 'failed', failure: { kind: test.failure.length > 0 ? kindOf(message) : 'error', message: shown } } };
}

const fileOfModule = (module: string): string | undefined => (/^[\w.]+$/.test(module) ? `${module.replaceAll('.', '/')}.py` : undefined);

function read(report: string): z.output<typeof schema> | undefined {
  try {
    return schema.safeParse(parser.parse(report)).data;
  } catch {
    return undefined;
  }
}

function parse(outcome: RunnerOutcome): Reported {
  const found = outcome.report === undefined ? undefined : read(outcome.report);
  if (found === undefined) return noReport(outcome);
  const entries = found.testsuites.testsuite.flatMap((suite) => suite.testcase.map(toCase));
  const cases = entries.flatMap(({ test }) => (test === undefined ? [] : [test]));
  const loadErrors = entries.flatMap(({ load }) => (load === undefined ? [] : [load]));
  const silent = cases.length + loadErrors.length === 0 && outcome.exitCode !== 0 && outcome.exitCode !== NOT_COLLECTED;
  return silent ? noReport(outcome) : { cases, loadErrors };
}

export const pytest: RunnerAdapter = { argv, parse };
