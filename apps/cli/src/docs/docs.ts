import { exitCodeOfError, exitCodes } from '../exit-codes.js';
import { reportProblem } from '../report-problem.js';
import { harmless, type Screen } from '../screen.js';
import { DocsUsageError, parseDocsCall, usage, type DocsCall } from './arguments.js';
import { askRunning, type Answer } from './ask.js';
import { showAnswer } from './views.js';

/**
 * `cascade docs …`: gives its exit code, never throws. A question to services that run is asked with as little code as it
 * takes; whatever else (indexing, services that have to be started first) loads the rest.
 */
export async function docs(args: readonly string[], env: NodeJS.ProcessEnv, screen: Screen): Promise<number> {
  try {
    const call = parseDocsCall(args, env);
    if (call === undefined) {
      screen.data(usage);
      return exitCodes.done;
    }
    if (call.verb === 'index') return await (await import('./index-command.js')).index(call, env, screen);
    return show(call, await askRunning(call, env) ?? await (await import('./ask-with-services.js')).askWithServices(call, env, screen), screen);
  } catch (error) {
    if (!(error instanceof DocsUsageError)) return await reported(error, env, screen);
    screen.notice(`${screen.style('red', 'Error:')} ${harmless(error.message)}\n(cascade docs --help shows what is possible)`);
    return exitCodes.usage;
  }
}

function show(call: DocsCall, answer: Answer, screen: Screen): number {
  if ('problem' in answer && answer.problem !== undefined) {
    reportProblem(answer.problem, screen);
    return exitCodeOfError(answer.problem);
  }
  const { data } = answer as Extract<Answer, { data: unknown }>;
  if (call.json) screen.data(JSON.stringify(data));
  else showAnswer(call.verb, data, screen);
  return exitCodes.done;
}

async function reported(error: unknown, env: NodeJS.ProcessEnv, screen: Screen): Promise<number> {
  (await import('../report-error.js')).reportError(error, screen, env);
  return exitCodeOfError(error);
}
