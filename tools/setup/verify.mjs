import { run, say, SetupError } from './commands.mjs';
import { chaos } from './chaos.mjs';
import { runTests } from './test.mjs';

const checks = [['types', 'typecheck'], ['lint and sizes', 'lint']];
/** The parts of `npm run chaos` that say the same on every machine, however slow: no verdict of theirs goes by a clock. */
const chaosRuns = [['simulation', '--seed', '1', '--budget', '60'], ['kill-random', '--seed', '1', '--repetitions', '4', '--budget', '300'],
  ['rolling-restart', '--seed', '1', '--budget', '60']]; // with so little time on small cascades only

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
  for (const given of chaosRuns) await attempt(`chaos: ${given[0]}`, () => chaos(given), failed);
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
