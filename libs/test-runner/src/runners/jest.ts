import type { RunnerAdapter, RunnerRequest } from '../run/runner-adapter.js';
import { parseJestReport } from './jest-report.js';

function argv({ plan, files, report }: RunnerRequest): string[] {
  // `--ci`: a snapshot that nobody has written yet is a failure instead of a new truth.
  const fixed = ['--json', `--outputFile=${report}`, '--ci', '--watchman=false', '--cacheDirectory=/tmp/jest', '--colors=false', '--coverage=false'];
  return [...plan.command, ...fixed, ...(files === undefined ? [] : ['--runTestsByPath', ...files])];
}

export const jest: RunnerAdapter = { argv, parse: parseJestReport };
