import { setTimeout as pause } from 'node:timers/promises';
import { isTerminal } from '@cascade/state';
import { recordOf } from '../oracle/oracle.js';
import { calmDemo } from '../place/calm-demo.js';
import { Demo } from '../place/demo.js';
import { roadServices, serviceCommand } from '../place/deployment.js';
import { Replicas } from '../place/replicas.js';
import { SmallRoad, smallServices } from '../small/small-road.js';
import type { Random } from '../random.js';
import type { Conditions, Findings, Scenario } from '../scenario.js';

const DEFAULT_ROUNDS = 1;
/** Cascades that are asked for at once, again and again, while services are replaced. */
const WAVE = 5;
const [SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS] = [50, 500];
/** To so many processes and back. */
const MOST = 5;
const LAST_TIER = 3;
/** What one round on the demo takes, beside the calm run. */
const DEMO_SECONDS = 60;

/**
 * What an operator does on purpose: an upgrade of each service, and more of them for a while. Nothing is killed, so that no
 * answer of a model may be lost and paid again either, and each process must end by itself with code 0.
 */
export const rollingRestart: Scenario = {
  name: 'rolling-restart',
  about: 'SIGTERM of every service in turn, each replaced, and workers scaled 1 → 5 → 1, on small cascades and on the demo',
  leastSeconds: 30,
  run: async (conditions) => {
    const small = await underLoad(conditions);
    if (small.violations.length > 0 || !conditions.budget.hasTimeFor(2 * DEMO_SECONDS * 1000)) return { ...small, cutShort: true };
    const { stops, violations } = await duringDemo(conditions);
    return { injected: `${small.injected}, ${stops} more in the demo`, rounds: small.rounds + 1, violations };
  },
};

async function underLoad({ random, repetitions, budget, say }: Conditions): Promise<Findings> {
  const wanted = repetitions ?? DEFAULT_ROUNDS;
  const road = await SmallRoad.begin({ services: [] });
  const load = new Load(road, random);
  const replicas = smallServices.map((service) => new Replicas(road.deployment, service));
  let rounds = 0;
  try {
    await Promise.all(replicas.map((one) => one.scale(1)));
    while (rounds < wanted && (rounds === 0 || budget.hasTimeFor(30_000))) {
      rounds += 1;
      for (const one of random.shuffled(replicas)) {
        await one.roll();
        say(`${one.service.name} replaced: ${road.requested.length} cascades asked for`);
      }
      const workers = replicas.find(({ service }) => service.name === 'small-work')!;
      for (const count of [MOST, 1]) await workers.scale(count);
    }
    await load.end();
    const violations = await road.verdict();
    return { injected: `${rounds * (replicas.length + MOST - 1)} stops of services under ${road.requested.length} small cascades`, rounds, violations };
  } finally {
    await load.end();
    await road.close();
  }
}

/** Asks for cascades until it is ended. */
class Load {
  readonly #stop = new AbortController();
  readonly #asking: Promise<void>;

  constructor(road: SmallRoad, random: Random) {
    this.#asking = this.#ask(road, random);
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await this.#asking;
  }

  async #ask(road: SmallRoad, random: Random): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await road.request(WAVE);
      await pause(random.between(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS));
    }
  }
}

/** The tiers themselves, with the sandbox and git under them, in the first and in the last; agent-30 at five for a while. */
async function duringDemo({ random, say }: Conditions): Promise<{ stops: number; violations: string[] }> {
  const calm = await calmDemo();
  const demo = await Demo.begin(undefined, []);
  const replicas = roadServices.map((name) => new Replicas(demo.deployment, serviceCommand(name)));
  try {
    await Promise.all(replicas.map((one) => one.scale(1)));
    for (const one of random.shuffled(replicas)) {
      await one.roll();
      say(`${one.service.name} replaced`);
    }
    await untilTier(demo, LAST_TIER);
    for (const one of random.shuffled(replicas)) {
      await one.roll();
      say(`${one.service.name} replaced in the last tier`);
    }
    const workers = replicas.find(({ service }) => service.name === 'agent-30-execution')!;
    for (const count of [MOST, 1]) await workers.scale(count);
    return { stops: 2 * replicas.length + MOST - 1, violations: await demo.verdict(calm.result) };
  } finally {
    await demo.close();
  }
}

/** Until the cascade is there, or has ended before. */
async function untilTier({ place, cascade }: Demo, tier: number): Promise<void> {
  for (;;) {
    const record = await recordOf(place, cascade);
    if (record !== undefined && ((record.tier ?? 0) >= tier || isTerminal(record.state))) return;
    await pause(LONGEST_PAUSE_MS);
  }
}
