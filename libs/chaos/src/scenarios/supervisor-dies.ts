import { setTimeout as pause } from 'node:timers/promises';
import { pointName, type Trap } from '../fail-points/plan.js';
import { pointOf, Reports } from '../fail-points/plans.js';
import { secondSupervisor, SmallRoad, smallServices } from '../small/small-road.js';
import type { Conditions, Findings, Scenario } from '../scenario.js';

const DEFAULT_REPETITIONS = 2;
/** Cascades of a round: each gives every point of the clean-up another chance. */
const WAVE = 8;
const MAX_ROUNDS = 12;
/** Long enough for a service to start and to look for work; what it does later only costs needless deaths. */
const IDLE_MS = 5_000;
/** What a death costs on a machine of two slow cores. */
const SECONDS_PER_DEATH = 3;

/** Two supervisors clean up after small cascades, and both die in the middle of it, at every instruction. */
export const supervisorDies: Scenario = {
  name: 'supervisor-dies',
  about: 'kill -9 of both supervisors and of git-worker before and after every instruction of the clean-up',
  leastSeconds: 20,
  run: dieInCleanUp,
};

const dying = ['supervisor', secondSupervisor.name, 'git-worker'];
const services = [...smallServices, secondSupervisor];

async function dieInCleanUp({ budget, random, repetitions, say }: Conditions): Promise<Findings> {
  const points = await pointsOfCleanUp();
  const most = Math.max(6, Math.floor(budget.leftMs / 1000 / SECONDS_PER_DEATH));
  let open = random.shuffled(dying.flatMap((service) => points.get(service)!.flatMap((name) =>
    Array.from({ length: repetitions ?? DEFAULT_REPETITIONS }, (): Trap & { service: string } => ({ service, ...pointOf(name), occurrence: random.between(1, 3) }))))).slice(0, most);
  const trail: string[] = [];
  let reports: Reports | undefined;
  const left = (service: string): typeof open => open.filter((one) => one.service === service);
  const road = await SmallRoad.begin({ services, hooks: (place) => {
    reports = new Reports(`${place.folder}/logs`);
    return {
      nextLife: (service) => (dying.includes(service) ? reports!.trapped(service, left(service)) : {}),
      died: async (service) => {
        const [name] = reports!.take(service);
        const trap = left(service).find((one) => pointName(one) === name);
        open = open.filter((one) => one !== trap);
        if (trap !== undefined) trail.push(`${service} ${pointName(trap)}#${trap.occurrence}`);
      },
    };
  } });
  const violations: string[] = [];
  let rounds = 0;
  try {
    while (rounds === 0 || (rounds < MAX_ROUNDS && open.length > 0 && violations.length === 0 && budget.hasTimeFor(15_000))) {
      rounds += 1;
      await road.request(WAVE);
      violations.push(...await road.verdict());
      say(`round ${rounds}: died ${trail.length} times, ${open.length} left`);
    }
  } finally {
    await road.close();
  }
  return { injected: `${trail.length} deaths of ${dying.join(', ')} while they clean up`, rounds, violations, trail, cutShort: rounds < MAX_ROUNDS && open.length > 0 };
}

/** What they pass in an undisturbed round, and not when they only start and wait. */
async function pointsOfCleanUp(): Promise<ReadonlyMap<string, string[]>> {
  let reports: Reports | undefined;
  const road = await SmallRoad.begin({ services, hooks: (place) => {
    reports = new Reports(`${place.folder}/logs`);
    return { nextLife: (service) => (dying.includes(service) ? reports!.counting(service) : {}) };
  } });
  const passed = (): Map<string, Set<string>> => new Map(dying.map((service) => [service, new Set(reports!.take(service))]));
  try {
    await pause(IDLE_MS);
    const idle = passed();
    await road.request(WAVE);
    const violations = await road.verdict();
    if (violations.length > 0) throw new Error(`the undisturbed round is not right:\n${violations.join('\n')}`);
    return new Map([...passed()].map(([service, names]) => [service, [...names].filter((name) => !idle.get(service)!.has(name)).toSorted((one, other) => (one < other ? -1 : 1))]));
  } finally {
    await road.close();
  }
}
