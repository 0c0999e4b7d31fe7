import type { RunnerAdapter, RunnerRequest } from '../run/runner-adapter.js';
import { parseJestReport } from './jest-report.js';

function argv({ plan, files, report }: RunnerRequest): string[] {
  return [...plan.command, '--reporter=json', `--outputFile=${report}`, '--coverage.enabled=false', '--watch=false', ...(files ?? [])];
}

export const vitest: RunnerAdapter = { argv, parse: parseJestReport };
