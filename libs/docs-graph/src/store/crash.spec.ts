import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { removeTemporaryFolder, SeededRandom, temporaryFolder } from '@cascade/testing';
import { scopeId } from '../graph/graph-rows.js';
import type { EngineName } from './native-engine.js';
import { openGraphStore } from './open-graph-store.js';
import { crashScopes, stateAt, stepsOf } from './testing/crash-states.js';
import { installedEngines, rowsOf, storedRows } from './testing/stored-rows.js';

const writer = fileURLToPath(new URL('../../dist/store/testing/crash-writer.js', import.meta.url));
const kills = Number(process.env['CASCADE_GRAPH_KILLS'] ?? 3);
const seed = Number(process.env['CASCADE_SEED'] ?? Date.now() % 100_000);

describe.each(installedEngines)('kill -9 while %s writes', (engine) => {
  it(`leaves every scope at a commit that was made (${kills} kills, seed ${seed})`, async () => {
    const folder = temporaryFolder('graph');
    const random = new SeededRandom(seed);
    const seen = { commits: 0, begunAnew: 0, damaged: 0 };
    let least = crashScopes.map(() => 0);
    for (let kill = 0; kill < kills; kill += 1) {
      const written = await writeUntilKilled(engine, folder, random.below(900));
      seen.commits += written.commits;
      least = least.map((steps, scope) => Math.max(written.begunAnew ? 0 : steps, written.steps[scope]!));
      const found = await look(engine, folder);
      if (found.begunAnew !== undefined || written.begunAnew) seen.begunAnew += 1;
      seen.damaged += found.damaged;
      for (const [scope, steps] of found.steps.entries()) {
        // What was reported is there; one more may have been committed and not reported.
        if (found.begunAnew === undefined) expect([steps, steps >= least[scope]! && steps <= least[scope]! + 1]).toEqual([steps, true]);
        else expect(steps).toBe(0);
      }
      expect(found.unexplained).toEqual([]);
      least = found.steps;
    }
    console.info(`${engine}: seed ${seed}, ${kills} kills, ${JSON.stringify(seen)}`);
    removeTemporaryFolder(folder);
  }, 60_000 + kills * 10_000);
});

async function writeUntilKilled(engine: EngineName, folder: string, afterMs: number): Promise<{ commits: number; begunAnew: boolean; steps: number[] }> {
  const child = fork(writer, [engine, folder, String(seed)], { execArgv: [], stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  let output = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => { output += text; });
  const ended = once(child, 'close');
  // One kill in ten comes while the writer opens the graph.
  if (afterMs > 90) await Promise.race([once(child.stdout!, 'data'), ended]);
  await delay(afterMs);
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
  const lines = output.split('\n').slice(0, -1);
  const steps = crashScopes.map((_, scope) => Math.max(0, ...lines.filter((line) => line.startsWith(`${scope} `)).map((line) => Number(line.split(' ')[1]))));
  return { commits: lines.length, begunAnew: /^begun ./.test(output), steps };
}

async function look(engine: EngineName, folder: string): Promise<{ begunAnew: string | undefined; steps: number[]; damaged: number; unexplained: string[] }> {
  const store = await openGraphStore({ engine, folder, bufferPoolBytes: 64 * 2 ** 20 });
  const scopes = await store.scopes();
  const steps = crashScopes.map((scope) => stepsOf(scopes, scope));
  const damaged = await store.damaged();
  const [should, are] = [rowsOf(crashScopes.flatMap((scope, index) => stateAt(seed, scope, steps[index]!))), await storedRows(store)];
  await store.close();
  const [wanted, present] = [new Set(should), new Set(are)];
  const wrong = [...should.filter((row) => !present.has(row)), ...are.filter((row) => !wanted.has(row)), ...are.filter((row, index) => row === are[index - 1])];
  const named = damaged.map(({ repository, branch, path }) => `${scopeId({ repository, branch })}:${path}`);
  return { begunAnew: store.begunAnew, steps, damaged: damaged.length, unexplained: wrong.filter((row) => !named.some((name) => row.includes(name))) };
}
