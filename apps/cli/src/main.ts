import { processScreen } from './screen.js';

/** A handle that some library left open must not keep the command from ending, once its work is done. */
const LINGER_MS = 2_000;

const args = process.argv.slice(2);
// Questions to the documentation are answered in the time that the rest takes to load.
const run = args[0] === 'docs' ? async () => (await import('./docs/docs.js')).docs(args.slice(1), process.env, processScreen()) : async () => (await import('./run-cli.js')).runCli(args, process.env, processScreen());
process.exitCode = await run();
setTimeout(() => process.exit(), LINGER_MS).unref();
