import { normalise } from '@cascade/test-runner';

/** Bound of test output in a prompt, in characters: enough for three failures, small enough to be read. */
export const MAX_OUTPUT_CHARS = 8000;

/** Output of a run as a prompt may hold it: the same in every run; head and tail are kept, what is left out is named. */
export function plainOutput(output: string): string {
  const text = normalise(output);
  if (text.length <= MAX_OUTPUT_CHARS) return text;
  const half = MAX_OUTPUT_CHARS / 2;
  return `${text.slice(0, half)}\n(${text.length - MAX_OUTPUT_CHARS} characters left out)\n${text.slice(-half)}`;
}
