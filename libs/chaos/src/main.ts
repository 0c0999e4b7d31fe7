import { randomInt } from 'node:crypto';
import { isCascadeError } from '@cascade/contracts';
import { removeTemporaryFolders } from '@cascade/testing';
import { readChaosArguments, type ChaosArguments } from './chaos-arguments.js';
import { runScenarios } from './run-scenarios.js';
import { scenarios } from './scenarios/index.js';

function argumentsOrExit(): ChaosArguments {
  try {
    return readChaosArguments(process.argv.slice(2), scenarios.map(({ name }) => name), () => randomInt(1_000_000_000));
  } catch (error) {
    if (!isCascadeError(error)) throw error;
    process.stderr.write(`${error.message}\n${error.advice ?? ''}\n`);
    process.exit(2);
  }
}

const args = argumentsOrExit();
// While it waits for the end of a persistent server, which keeps no process alive, nothing else may do so either.
setInterval(() => undefined, 60_000);
const chosen = args.scenarios.length === 0 ? scenarios : scenarios.filter(({ name }) => args.scenarios.includes(name));
process.stderr.write(`seed ${args.seed}\n`);
const failed = await runScenarios(chosen, args, {
  result: (line) => process.stdout.write(`${line}\n`),
  say: (line) => process.stderr.write(`${line}\n`),
});
removeTemporaryFolders();
process.exit(failed === 0 ? 0 : 1);
