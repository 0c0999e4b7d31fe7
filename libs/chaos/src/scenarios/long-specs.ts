import { spawn } from 'node:child_process';
import path from 'node:path';
import { checkout } from '../checkout.js';
import type { Conditions, Findings, Scenario } from '../scenario.js';

interface LongSpec {
  readonly name: string;
  readonly about: string;
  /** Folder of the project, and the spec in it. */
  readonly project: string;
  readonly spec: string;
  /** Environment variables in which the spec looks for its seed and for how often to run. */
  readonly seedIn: string;
  readonly timesIn: string;
  readonly times: number;
  /** What one of them takes on a slow machine. */
  readonly msEach: number;
  readonly what: string;
}

/** Most of a failing spec's output that is told. */
const MAX_TOLD_CHARACTERS = 8_000;

/** A property that `npm test` tries a few hundred times, tried thousands of times. */
const long = (spec: LongSpec): Scenario => ({ name: spec.name, about: spec.about, leastSeconds: 20, run: (conditions) => runLong(spec, conditions) });

async function runLong(spec: LongSpec, { random, budget, repetitions }: Conditions): Promise<Findings> {
  const wanted = repetitions ?? spec.times;
  const times = Math.max(1, Math.min(wanted, Math.floor(budget.leftMs / spec.msEach)));
  const output = await jest(spec, { [spec.seedIn]: String(random.seed % 2 ** 31), [spec.timesIn]: String(times) });
  return { injected: `${times} ${spec.what}`, rounds: 1, violations: output === undefined ? [] : [output], cutShort: times < wanted };
}

/** Undefined when it passed, else what it says. */
async function jest({ project, spec }: LongSpec, settings: Record<string, string>): Promise<string | undefined> {
  const program = ['--experimental-vm-modules', '--no-warnings', path.join(checkout, 'node_modules/jest/bin/jest.js'), spec];
  const child = spawn(process.execPath, program, { cwd: path.join(checkout, project), env: { ...process.env, ...settings }, stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => { told = (told + text).slice(-MAX_TOLD_CHARACTERS); });
  const code = await new Promise<number | null>((resolve, reject) => { child.once('error', reject).once('close', resolve); });
  return code === 0 ? undefined : told;
}

export const model = long({
  name: 'model', about: 'random stories of one cascade against a pure model, with crashes, zombies and repetitions',
  project: 'libs/state', spec: 'model.spec', seedIn: 'MODEL_SEED', timesIn: 'MODEL_RUNS', times: 10_000, msEach: 100, what: 'random stories on real Redis',
});
export const simulation = long({
  name: 'simulation', about: 'scheduler and supervisor on a fake clock with workers that fail, hang, conflict and repeat',
  project: 'apps/agent-30-execution', spec: 'simulation.spec', seedIn: 'SIMULATION_SEED', timesIn: 'SIMULATION_SEEDS', times: 10_000, msEach: 10, what: 'simulated cascades',
});
