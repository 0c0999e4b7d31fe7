import path from 'node:path';
import { pointName, type Trap } from '../fail-points/plan.js';
import { pointOf, Reports, type Census } from '../fail-points/plans.js';
import { calmDemo, type CalmDemo } from '../place/calm-demo.js';
import { Demo } from '../place/demo.js';
import type { Random } from '../random.js';
import type { Conditions, Findings, Scenario } from '../scenario.js';

const DEFAULT_REPETITIONS = 3;
/** The latest occurrence of a point that is tried: a later one may never come in a life that other points cut short. */
const MAX_OCCURRENCE = 4;
/** Most deaths in one demo; after them it is let run to its end and looked at. */
const MAX_DEATHS_PER_ROUND = 40;
/** What one death costs on a machine of two slow cores: a new start, and the wait until its claims are taken over. */
const SECONDS_PER_DEATH = 4;

/** A trap that is still to be stepped into. */
interface Open extends Trap {
  readonly service: string;
}

/**
 * Every instruction that an undisturbed demo passes, in every service, before it is sent and after its answer has come:
 * the process dies there. Many points are visited in one demo: a process that died is started again with those that
 * are left, and dies at whichever comes first.
 */
export const killEverywhere: Scenario = {
  name: 'kill-everywhere',
  about: 'kill -9 before and after every instruction of every service, in the demo',
  leastSeconds: 60,
  run: visitAllPoints,
};

async function visitAllPoints({ random, budget, repetitions, say }: Conditions): Promise<Findings> {
  const calm = await calmDemo();
  let open = trapsOf(calm, repetitions ?? DEFAULT_REPETITIONS, random);
  say(`${open.length} deaths to die; the undisturbed demo took ${calm.seconds.toFixed(0)} s`);
  const violations: string[] = [];
  const visited: Open[] = [];
  let lastRound: readonly Open[] = [];
  let rounds = 0;
  while (rounds === 0 || (open.length > 0 && violations.length === 0 && budget.hasTimeFor(2_000 * calm.seconds))) {
    rounds += 1;
    const deaths = Math.min(MAX_DEATHS_PER_ROUND, Math.max(3, Math.floor((budget.leftMs / 1000 - 2 * calm.seconds) / SECONDS_PER_DEATH)));
    const sample = random.shuffled(open).slice(0, deaths);
    const round = await visit(calm, sample);
    visited.push(...round.visited);
    lastRound = round.visited;
    violations.push(...round.violations);
    // What did not come is tried at its first occurrence; what does not come then either is not part of a disturbed run.
    const missed = sample.filter((one) => !round.visited.includes(one)).flatMap((one) => (one.occurrence === 1 ? [] : [{ ...one, occurrence: 1 }]));
    open = [...open.filter((one) => !sample.includes(one)), ...missed];
    say(`round ${rounds}: died ${round.visited.length} times, ${open.length} left`);
  }
  const points = new Set(visited.map((one) => `${one.service} ${pointName(one)}`));
  return {
    injected: `${visited.length} deaths at ${points.size} points of ${new Set(visited.map(({ service }) => service)).size} services in the demo`,
    rounds, violations, cutShort: open.length > 0, trail: lastRound.map((one) => `${one.service} ${pointName(one)}#${one.occurrence}`),
  };
}

function trapsOf(calm: CalmDemo, repetitions: number, random: Random): Open[] {
  const times = Array.from({ length: repetitions });
  return [...calm.points].flatMap(([service, census]) => [...census].toSorted(([one], [other]) => (one < other ? -1 : 1)).flatMap(([name]) =>
    times.map((_, index) => ({ service, ...pointOf(name), occurrence: index === 0 ? 1 : occurrenceOf(name, census, random) }))));
}

function occurrenceOf(name: string, census: Census, random: Random): number {
  return random.between(1, Math.min(census.get(name) ?? 1, MAX_OCCURRENCE));
}

async function visit(calm: CalmDemo, sample: readonly Open[]): Promise<{ visited: Open[]; violations: string[] }> {
  const visited: Open[] = [];
  const left = (service: string): Open[] => sample.filter((one) => one.service === service && !visited.includes(one));
  const demo = await Demo.begin(({ place }) => {
    const reports = new Reports(path.join(place.folder, 'logs'));
    return {
      nextLife: (service) => reports.trapped(service, left(service)),
      died: async (service) => {
        // All traps at the point that was stepped into last count for one death, but only one of them is used up.
        const [name] = reports.take(service);
        const trap = left(service).find((one) => pointName(one) === name);
        if (trap !== undefined) visited.push(trap);
      },
    };
  });
  try {
    return { visited, violations: await demo.verdict(calm.result) };
  } finally {
    await demo.close();
  }
}
