import type { EngineName } from '../native-engine.js';
import { openGraphStore } from '../open-graph-store.js';
import { crashScopes, mixed, stateAt, stepsOf } from './crash-states.js';
import { changeOf } from './sample-graph.js';

/** A process that writes until it is killed, and says on stdout what was committed: the number of the scope, and of its commit. */
const [engine, folder, seed] = [process.argv[2] as EngineName, process.argv[3]!, Number(process.argv[4])];
const store = await openGraphStore({ engine, folder, bufferPoolBytes: 64 * 2 ** 20, changesInLog: 10 });
process.stdout.write(`begun ${store.begunAnew ?? ''}\n`);
const steps = await store.scopes().then((scopes) => crashScopes.map((scope) => stepsOf(scopes, scope)));

for (let turn = 0; process.connected; turn += 1) {
  const choice = mixed(seed + process.pid, turn);
  const chosen = choice % crashScopes.length;
  if (choice % 50 === 7) {
    const next = steps.map((step) => step + 1);
    await store.rebuild(crashScopes.map((scope, index) => ({ ...scope, commit: `c${next[index]}`, slices: stateAt(seed, scope, next[index]!) })));
    crashScopes.forEach((_, index) => committed(index, next[index]!));
  } else {
    const [scope, step] = [crashScopes[chosen]!, steps[chosen]!];
    await store.apply(scope, `c${step + 1}`, changeOf(stateAt(seed, scope, step), stateAt(seed, scope, step + 1)));
    committed(chosen, step + 1);
  }
}

function committed(scope: number, step: number): void {
  steps[scope] = step;
  process.stdout.write(`${scope} ${step}\n`);
}
