import { run, say, SetupError } from './commands.mjs';
import { chaos } from './chaos.mjs';
import { runTests } from './test.mjs';

const checks = [['types', 'typecheck'], ['lint and sizes', 'lint']];
/** The part of `npm run chaos` that says the same on every machine, however slow: it goes by no clock. */
const chaosArguments = ['simulation', '--seed', '1', '--budget', '60'];

/** Everything that CI checks. All checks run even when one fails, so that one run shows all that is wrong. */
export async function verify() {
  const failed = [];
  for (const [name, target] of checks) {
    say(`\n▸ ${name}`);
    const { code, output } = await run(['nx', 'run', `root:${target}`, '--output-style=static']);
    if (code !== 0) {
      failed.push(name);
      say(output.trimEnd());
    }
    say(code === 0 ? '  ok' : '  failed');
  }
  await attempt('chaos', () => chaos(chaosArguments), failed);
  await attempt('build and tests', () => runTests([]), failed); // last, because its last line is the count
  if (failed.length > 0) throw new SetupError(`\nNot right yet: ${failed.join(', ')}.`);
}

async function attempt(name, work, failed) {
  say(`\n▸ ${name}`);
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    if (error.message !== '') say(error.message);
    failed.push(name);
  }
}
