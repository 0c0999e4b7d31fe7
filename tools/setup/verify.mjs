import { run, say, SetupError } from './commands.mjs';
import { runTests } from './test.mjs';

const checks = [['types', 'typecheck'], ['lint and sizes', 'lint']];

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
  say('\n▸ build and tests');
  await runTests([]).catch((error) => {
    if (!(error instanceof SetupError)) throw error;
    if (error.message !== '') say(error.message);
    failed.push('build and tests');
  });
  if (failed.length > 0) throw new SetupError(`\nNot right yet: ${failed.join(', ')}.`);
}
