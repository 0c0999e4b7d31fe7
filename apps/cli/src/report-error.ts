import { isCascadeError } from '@cascade/contracts';
import { reportProblem } from './report-problem.js';
import { harmless, type Screen } from './screen.js';

/** An error for a person: what happened, each finding, what to do. Never a stack, unless CASCADE_DEBUG asks for it. */
export function reportError(error: unknown, screen: Screen, env: NodeJS.ProcessEnv): void {
  if (isCascadeError(error)) reportProblem(error.toProblem(), screen);
  else screen.notice(`${screen.style('red', 'Error:')} ${harmless((error as Error)?.message ?? String(error))}`);
  if (env['CASCADE_DEBUG'] && error instanceof Error) screen.notice(error.stack ?? '');
}
