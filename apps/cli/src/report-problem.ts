import type { Problem } from '@cascade/contracts';
import { harmless, type Screen } from './screen.js';

/** Most findings that are printed of one error. */
const MAX_FINDINGS = 20;

/** An error as services tell it, for a person: what happened, each finding, what to do. */
export function reportProblem(problem: Problem, screen: Screen): void {
  screen.notice(`${screen.style('red', 'Error:')} ${harmless(problem.message)} ${screen.style('dim', `(${problem.code})`)}`);
  const findings = (problem.findings ?? []).filter((finding) => !`${problem.message}\n${problem.advice ?? ''}`.includes(finding));
  for (const finding of findings.slice(0, MAX_FINDINGS)) screen.notice(`  - ${harmless(finding)}`);
  if (findings.length > MAX_FINDINGS) screen.notice(`  and ${findings.length - MAX_FINDINGS} more`);
  if (problem.advice !== undefined) screen.notice(harmless(problem.advice));
}
