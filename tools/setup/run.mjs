// The one script behind `npm run demo`, `cascade`, `bench`, `test`, `chaos` and `verify`: installs what is missing, continues
// on the Node version that this project pins, builds what changed, then does what was asked.
// Needs Node >= 20.11 and nothing else, since it runs before anything is installed.
import { continueOnPinnedNode, install } from './install.mjs';
import { say, SetupError } from './commands.mjs';

const verbs = {
  demo: async (args) => (await import('./demo.mjs')).demo(args),
  cascade: async (args) => (await import('./cascade.mjs')).runCascade(args),
  bench: async (args) => (await import('./bench.mjs')).runBench(args),
  test: async (args) => (await import('./test.mjs')).runTests(args),
  chaos: async (args) => (await import('./chaos.mjs')).chaos(args),
  verify: async () => (await import('./verify.mjs')).verify(),
};

// npm runs scripts in the project's folder; paths that a person types are meant from where they are.
if (process.env.INIT_CWD !== undefined) process.chdir(process.env.INIT_CWD);
const [verb, ...args] = process.argv.slice(2);
try {
  if (!Object.hasOwn(verbs, verb ?? '')) throw new SetupError(`Unknown command "${verb ?? ''}"; there are: ${Object.keys(verbs).join(', ')}.`, 2);
  await install();
  if (!(await continueOnPinnedNode())) await verbs[verb](args);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  if (error.message !== '') say(error.message);
  process.exitCode = error.exitCode;
}
