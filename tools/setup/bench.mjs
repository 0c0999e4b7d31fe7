import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, root, say, SetupError } from './commands.mjs';

const benches = ['streams', 'docs', 'github', 'api'];

/** `npm run bench -- <name> [--quick]`: a table for people, and as the last line of stdout one JSON object. */
export async function runBench(args) {
  const [name = '', ...flags] = args;
  const file = path.join(root, 'tools/bench', `${name}.mjs`);
  if (!benches.includes(name) || flags.some((flag) => flag !== '--quick')) {
    throw new SetupError(`npm run bench -- <name> [--quick]; there are: ${benches.join(', ')}.`, 2);
  }
  await build();
  const { bench } = await import(pathToFileURL(file).href);
  await bench({ isQuick: flags.length > 0, print: (line) => { process.stdout.write(`${line}\n`); }, progress: say });
}
