import { runCli } from './run-cli.js';
import { processScreen } from './screen.js';

/** A handle that some library left open must not keep the command from ending, once its work is done. */
const LINGER_MS = 2_000;

process.exitCode = await runCli(process.argv.slice(2), process.env, processScreen());
setTimeout(() => process.exit(), LINGER_MS).unref();
