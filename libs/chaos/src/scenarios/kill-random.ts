import { setTimeout as pause } from 'node:timers/promises';
import { calmDemo } from '../place/calm-demo.js';
import { Demo } from '../place/demo.js';
import { roadServices } from '../place/deployment.js';
import type { Random } from '../random.js';
import type { Conditions, Findings, Scenario } from '../scenario.js';
import { isTerminal } from '@cascade/state';
import { recordOf } from '../oracle/oracle.js';

const DEFAULT_KILLS = 20;
/** Between two kills; about as long as a service takes to start and do something. */
const [SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS] = [50, 2_500];

/** Any service, at any moment, again and again while one demo runs. */
export const killRandom: Scenario = {
  name: 'kill-random',
  about: 'kill -9 of any service at random moments of the demo',
  leastSeconds: 60,
  run: killDuringDemos,
};

async function killDuringDemos({ random, budget, repetitions, say }: Conditions): Promise<Findings> {
  const wanted = repetitions ?? DEFAULT_KILLS;
  const calm = await calmDemo();
  const violations: string[] = [];
  let [kills, rounds, lost] = [0, 0, 0];
  while (rounds === 0 || (kills < wanted && violations.length === 0 && budget.hasTimeFor(0))) {
    const demo = await Demo.begin();
    try {
      rounds += 1;
      kills += await killUntilEnd(demo, random, wanted - kills, say);
      violations.push(...await demo.verdict(calm.result));
      lost += demo.payments.lost;
    } finally {
      await demo.close();
    }
  }
  return { injected: `${kills} kills of services at random in the demo (${lost} answers lost in flight)`, rounds, violations, cutShort: kills < wanted };
}

async function killUntilEnd(demo: Demo, random: Random, most: number, say: (line: string) => void): Promise<number> {
  let kills = 0;
  while (kills < most) {
    await pause(random.between(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS));
    if (isTerminal((await recordOf(demo.place, demo.cascade))?.state ?? 'running')) break;
    const service = random.pick(roadServices);
    await demo.deployment.process(service).kill();
    kills += 1;
    say(`killed ${service}`);
  }
  return kills;
}
