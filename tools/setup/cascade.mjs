import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, root } from './commands.mjs';

/** Runs the command line of apps/cli in this process, so that ^C and exit codes are its own. */
export async function runCascade(args) {
  await build();
  const main = path.join(root, 'apps/cli/dist/main.js');
  process.env.CASCADE_COMMAND ??= 'npm run cascade --'; // what its advice tells people to type
  process.argv = [process.argv[0], main, ...args];
  await import(pathToFileURL(main).href);
}
