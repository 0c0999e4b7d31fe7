import { setTimeout as pause } from 'node:timers/promises';
import { CLAIM_IDLE_MS } from '../place/place.js';
import { secondWorker, SmallRoad, smallServices } from '../small/small-road.js';
import type { Conditions, Findings, Scenario } from '../scenario.js';

const DEFAULT_FREEZES = 5;
const WAVE = 10;
const workers = ['small-work', secondWorker.name];

/** A worker stands still past the claim limit, the other one takes over, and then the first one goes on as if nothing was. */
export const freeze: Scenario = {
  name: 'freeze',
  about: 'SIGSTOP of one of two workers past the claim limit, and SIGCONT; of the supervisor too',
  leastSeconds: 20,
  run: freezeWorkers,
};

async function freezeWorkers({ random, budget, repetitions, say }: Conditions): Promise<Findings> {
  const wanted = repetitions ?? DEFAULT_FREEZES;
  const road = await SmallRoad.begin({ services: [...smallServices, secondWorker] });
  const violations: string[] = [];
  const trail: string[] = [];
  try {
    while (trail.length < wanted && violations.length === 0 && (trail.length === 0 || budget.hasTimeFor(10_000))) {
      await road.request(WAVE);
      await pause(random.between(0, 800));
      trail.push(await freezeOne(road, random.pick([...workers, ...workers, 'supervisor']), random.between(2, 5) * CLAIM_IDLE_MS));
      say(trail.at(-1)!);
      violations.push(...await road.verdict());
    }
  } finally {
    await road.close();
  }
  return { injected: `${trail.length} freezes past the claim limit under ${road.requested.length} small cascades (${road.payments.lost} answers lost in flight)`, rounds: trail.length, violations, trail, cutShort: trail.length < wanted };
}

async function freezeOne(road: SmallRoad, service: string, ms: number): Promise<string> {
  const process = road.deployment.process(service);
  process.signal('SIGSTOP');
  // What it had been answered and could not record any more is asked again by whoever takes over.
  await road.payments.processLost();
  await pause(ms);
  process.signal('SIGCONT');
  return `${service} stood still for ${ms / 1000} s`;
}
