import { normalise, shorten } from './normalise.js';
import type { TestRun } from './test-run.js';

/** Bounds of what a prompt gets to see of a run. */
export const feedbackLimits = { failures: 4, loadErrors: 3, passing: 20, messageCharacters: 1500, characters: 8000 } as const;

const killed: Readonly<Record<NonNullable<TestRun['killedBy']>, string>> = {
  timeout: 'The run took too long and was ended: look for an endless loop or something that is never closed.',
  output: 'The run printed too much and was ended.',
  memory: 'The run used too much memory and was ended.',
  disk: 'The run wrote too much to disk and was ended.',
  files: 'The run made too many files and was ended.',
  processes: 'The run started too many processes and was ended.',
  abort: 'The run was stopped.',
};

const indent = (text: string): string => text.split('\n').map((line) => `    ${line}`.trimEnd()).join('\n');
const message = (text: string): string => indent(shorten(normalise(text), feedbackLimits.messageCharacters));
const more = (count: number, what: string): string[] => (count > 0 ? [`… and ${count} more ${what}.`] : []);

function loadSection(run: TestRun): string[] {
  const shown = run.loadErrors.slice(0, feedbackLimits.loadErrors);
  if (shown.length === 0) return [];
  return ['Could not be loaded, so none of their tests ran:', ...shown.map(({ file, message: text }) => `- ${file ?? 'the test run'}\n${message(text)}`), ...more(run.loadErrors.length - shown.length, 'files')];
}

function failureSection(run: TestRun): string[] {
  const failed = run.cases.filter(({ status }) => status === 'failed');
  const shown = failed.slice(0, feedbackLimits.failures);
  if (shown.length === 0) return [];
  return ['Failing:', ...shown.map((test) => `- ${test.id}\n${message(test.failure?.message ?? '')}`), ...more(failed.length - shown.length, 'failing tests')];
}

/** What still passes is an anchor: it tells a repair what not to break. */
function passingSection(run: TestRun): string[] {
  const passed = run.cases.filter(({ status }) => status === 'passed');
  const shown = passed.slice(0, feedbackLimits.passing);
  if (shown.length === 0) return [];
  return ['Passing:', ...shown.map(({ id }) => `- ${id}`), ...more(passed.length - shown.length, 'passing tests')];
}

/**
 * A run as a model reads it: the count, what did not load, the first failures with expected and actual values, what passes.
 * Sorted, normalised and bounded, so that the same behaviour gives the same bytes.
 */
export function feedback(run: TestRun): string {
  const { passed, total } = run.report;
  const parts = [
    `${passed} of ${total} tests pass.`,
    ...(run.killedBy === null ? [] : [killed[run.killedBy]]),
    ...(run.changedTests.length === 0 ? [] : [`The code changed test files while it ran, which is not allowed: ${run.changedTests.join(', ')}.`]),
    ...loadSection(run), ...failureSection(run), ...passingSection(run),
  ];
  return shorten(parts.join('\n'), feedbackLimits.characters);
}
