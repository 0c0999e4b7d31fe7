import { z } from 'zod';
import { toolsMount } from '../run/inside-tools.js';
import { jsonLines } from '../run/json-lines.js';
import { noReport, type RunnerAdapter, type RunnerOutcome, type RunnerRequest } from '../run/runner-adapter.js';
import type { Reported } from '../run/test-run.js';

const text = z.string().max(20_000);
const line = z.discriminatedUnion('event', [
  z.object({ event: z.literal('load'), file: text, message: text }),
  z.object({
    event: z.literal('test'), file: text, name: text, status: z.enum(['passed', 'failed', 'skipped']),
    failure: z.object({ kind: z.enum(['assertion', 'error']), message: text }).optional(),
  }),
  z.object({ event: z.literal('end') }),
]);

/** Where `python -m unittest discover` would start, from the plan's command. */
function startFolder(command: readonly string[]): string {
  const flag = command.findIndex((word) => word === '-s' || word === '--start-directory');
  const named = flag > 0 ? command[flag + 1] : command[3] === 'discover' && command[4]?.startsWith('-') === false ? command[4] : undefined;
  return named === undefined || named === '.' ? '' : `${named.replace(/^\.\//, '').replace(/\/$/, '')}/`;
}

function argv({ plan, files, paths, report }: RunnerRequest): string[] {
  const start = startFolder(plan.command);
  const all = paths.filter((path) => path.startsWith(start) && /(^|\/)(test[^/]*|[^/]+_test)\.py$/.test(path));
  return ['python3', `${toolsMount}/unittest-runner.py`, report, ...(files ?? all)];
}

function parse(outcome: RunnerOutcome): Reported {
  if (outcome.report === undefined) return noReport(outcome);
  const lines = jsonLines(outcome.report, line);
  const loadErrors = lines.flatMap((entry) => (entry.event === 'load' ? [{ file: entry.file, message: entry.message }] : []));
  const cases = lines.flatMap((entry) => (entry.event === 'test' ? [{ file: entry.file, name: entry.name, status: entry.status, failure: entry.failure }] : []));
  if (!lines.some((entry) => entry.event === 'end') && !outcome.killed) {
    return { cases, loadErrors: [...loadErrors, { message: 'The run ended before all tests had run' }] };
  }
  return { cases, loadErrors };
}

export const unittest: RunnerAdapter = { argv, parse };
