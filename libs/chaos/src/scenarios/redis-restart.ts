import { setTimeout as pause } from 'node:timers/promises';
import { calmDemo } from '../place/calm-demo.js';
import { Demo } from '../place/demo.js';
import { untilProgress } from '../small/progress.js';
import { SmallRoad } from '../small/small-road.js';
import type { Random } from '../random.js';
import type { Conditions, Findings, Scenario } from '../scenario.js';

const DEFAULT_RESTARTS = 5;
/** Cascades that are asked for between two restarts. */
const WAVE = 20;
const DEMO_RESTARTS = 3;
/** What one round on the demo takes, beside the calm run. */
const DEMO_SECONDS = 60;

/** The server dies with everything under way, and comes back with what its append-only file holds. */
export const redisRestart: Scenario = {
  name: 'redis-restart',
  about: 'kill -9 and restart of Redis (append-only file) under load, on small cascades and on the demo',
  leastSeconds: 25,
  run: async (conditions) => {
    const small = await underLoad(conditions);
    if (small.violations.length > 0 || !conditions.budget.hasTimeFor(2 * DEMO_SECONDS * 1000)) return { ...small, cutShort: true };
    const violations = await duringDemo(conditions.random);
    return { injected: `${small.injected}, ${DEMO_RESTARTS} more in the demo`, rounds: small.rounds + 1, violations };
  },
};

async function underLoad({ random, repetitions, budget, say }: Conditions): Promise<Findings> {
  const wanted = repetitions ?? DEFAULT_RESTARTS;
  const road = await SmallRoad.begin();
  const violations: string[] = [];
  let restarts = 0;
  try {
    while (restarts < wanted && (restarts === 0 || budget.hasTimeFor(20_000)) && violations.length === 0) {
      const asking = road.request(WAVE);
      await pause(random.between(200, 2_000));
      await road.place.server.kill();
      await road.place.server.restart();
      restarts += 1;
      await asking;
      violations.push(...await untilProgress(road, 'the restart'));
      say(`restart ${restarts}: ${road.requested.length} cascades asked for`);
    }
    violations.push(...await road.verdict());
  } finally {
    await road.close();
  }
  return { injected: `${restarts} restarts of Redis under ${road.requested.length} small cascades`, rounds: 1, violations };
}

async function duringDemo(random: Random): Promise<string[]> {
  const calm = await calmDemo();
  const demo = await Demo.begin();
  try {
    for (let restart = 0; restart < DEMO_RESTARTS; restart += 1) {
      await pause(random.between(2_000, 6_000));
      await demo.place.server.kill();
      await demo.place.server.restart();
    }
    return await demo.verdict(calm.result);
  } finally {
    await demo.close();
  }
}
