import { setTimeout as pause } from 'node:timers/promises';
import type { Place } from '../place/place.js';
import { untilProgress } from '../small/progress.js';
import { SmallRoad } from '../small/small-road.js';
import type { Conditions, Findings, Scenario } from '../scenario.js';

const WAVE = 15;
const DEFAULT_REPETITIONS = 3;

/** What a restore of an old backup, or an operator's mistake, does. Every entry comes again, and must change nothing. */
export const flushGroups: Scenario = {
  name: 'flush-groups',
  about: 'all consumer groups are destroyed under load; at last everything in Redis is flushed',
  leastSeconds: 20,
  run: loseGroups,
};

async function loseGroups({ random, budget, repetitions, say }: Conditions): Promise<Findings> {
  const wanted = repetitions ?? DEFAULT_REPETITIONS;
  const road = await SmallRoad.begin();
  const violations: string[] = [];
  let [losses, groups] = [0, 0];
  try {
    violations.push(...await untilProgress(road, 'the start'));
    while (losses < wanted && violations.length === 0 && (losses === 0 || budget.hasTimeFor(10_000))) {
      await road.request(WAVE);
      await pause(random.between(0, 1_500));
      groups += await destroyGroups(road.place);
      losses += 1;
      violations.push(...await untilProgress(road, 'the loss of the groups'));
      say(`loss ${losses} of all groups`);
    }
    if (violations.length === 0) violations.push(...await road.verdict({ repeatedEvents: true }));
    if (violations.length === 0) violations.push(...await flushEverything(road));
  } finally {
    await road.close();
  }
  return { injected: `${losses} losses of all groups (${groups}) under ${road.requested.length} small cascades, and a FLUSHALL`, rounds: losses, violations, cutShort: losses < wanted };
}

async function destroyGroups(place: Place): Promise<number> {
  const streams = (await place.keys()).filter((key) => /^(stream|retries):/.test(key));
  let destroyed = 0;
  for (const stream of streams) {
    for (const group of (await place.redis.xinfo('GROUPS', stream)) as string[][]) destroyed += Number(await place.redis.xgroup('DESTROY', stream, group[1]!));
  }
  return destroyed;
}

/** Nothing of before can be asked for; what is asked for from now on must come through. */
async function flushEverything(road: SmallRoad): Promise<string[]> {
  await road.place.redis.flushall();
  return untilProgress(road, 'FLUSHALL');
}
