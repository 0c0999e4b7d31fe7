import { knowSecretsOf } from '@cascade/contracts';
import { startTracing, stopTracing } from '@cascade/telemetry';
import { CommanderError } from 'commander';
import { exitCodeOfError } from './exit-codes.js';
import { buildProgram, exitCodeOfUsage } from './program.js';
import { reportError } from './report-error.js';
import type { Screen } from './screen.js';

/** Runs one `cascade` command; gives its exit code. Never throws: an error is told on the screen. */
export async function runCli(args: readonly string[], env: NodeJS.ProcessEnv, screen: Screen): Promise<number> {
  let exitCode = 0;
  knowSecretsOf(env);
  await startTracing('cascade', (text) => screen.notice(screen.style('dim', text)), env);
  const program = buildProgram({ env, screen, command: env['CASCADE_COMMAND'] ?? 'cascade' }, (code) => { exitCode = code; });
  try {
    if (args.length === 0) program.help();
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return exitCodeOfUsage(error.code);
    reportError(error, screen, env);
    return exitCodeOfError(error);
  } finally {
    await stopTracing();
  }
}
