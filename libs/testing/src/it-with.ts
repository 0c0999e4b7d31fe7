import { spawnSync } from 'node:child_process';
import { jestGlobals } from './jest-globals.js';

/**
 * `it` for tests that need a program which not every machine has. `probe` is a command that succeeds where it is there, e.g.
 * `['python3', '--version']`. Where it does not, the tests are skipped and one line says so: a machine without Python is
 * no fault of the code under test, but nobody should take what was not run for proved.
 */
export function itWith(probe: readonly string[], what: string): typeof jestGlobals.it.skip {
  const { it } = jestGlobals;
  const [program = '', ...args] = probe;
  if (spawnSync(program, args, { stdio: 'ignore' }).status === 0) return it;
  process.stdout.write(`not run on this machine, where "${probe.join(' ')}" does not work: ${what}\n`);
  return it.skip;
}
