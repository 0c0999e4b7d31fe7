import { setTimeout as pause } from 'node:timers/promises';
import { startFaultProxy, type FaultProxy, type NetworkFault } from '@cascade/testing';
import { untilProgress } from '../small/progress.js';
import { SmallRoad } from '../small/small-road.js';
import type { Conditions, Findings, Scenario } from '../scenario.js';

/** Cascades that are under way when the network breaks. */
const WAVE = 10;

interface Trouble {
  readonly fault: NetworkFault;
  /** How long it lasts, in milliseconds. */
  readonly ms: number;
}

const troubles: readonly Trouble[] = [
  { fault: { kind: 'reset' }, ms: 3_000 },
  { fault: { kind: 'black-hole' }, ms: 3_000 },
  { fault: { kind: 'delay', ms: 300 }, ms: 5_000 },
  { fault: { kind: 'reset' }, ms: 10 },
  { fault: { kind: 'black-hole' }, ms: 45_000 },
];

/** Between the services and Redis; the harness itself talks to Redis directly. */
export const network: Scenario = {
  name: 'network',
  about: 'the network between the services and Redis is cut, swallows everything, or is slow',
  leastSeconds: 20,
  run: breakTheNetwork,
};

async function breakTheNetwork({ random, budget, repetitions, say }: Conditions): Promise<Findings> {
  let proxy: FaultProxy | undefined;
  const road = await SmallRoad.begin({
    redisUrl: async (place) => {
      proxy = await startFaultProxy(place.server.port);
      return `redis://127.0.0.1:${proxy.port}`;
    },
  });
  const violations: string[] = [];
  const done: string[] = [];
  const planned = Array.from({ length: repetitions ?? 1 }, () => troubles).flat();
  try {
    violations.push(...await untilProgress(road, 'the start'));
    for (const { fault, ms } of planned) {
      if (violations.length > 0 || (done.length > 0 && !budget.hasTimeFor(2 * ms + 10_000))) break;
      await road.request(WAVE);
      await pause(random.between(0, 500));
      proxy!.set(fault);
      await pause(ms);
      proxy!.set({ kind: 'none' });
      done.push(`${fault.kind} for ${ms / 1000} s`);
      const began = performance.now();
      violations.push(...await untilProgress(road, done.at(-1)!));
      say(`${done.at(-1)}: work again after ${((performance.now() - began) / 1000).toFixed(1)} s`);
    }
    if (violations.length === 0) violations.push(...await road.verdict());
  } finally {
    await road.close();
    await proxy?.close();
  }
  return { injected: `${done.join(', ')} between services and Redis, under ${road.requested.length} small cascades`, rounds: done.length, violations, trail: done, cutShort: done.length < planned.length };
}
