import { fileURLToPath } from 'node:url';
import { entryMs } from '@cascade/contracts';
import { parseCascadeRecord } from '@cascade/state';
import { untilAllEnded } from '../oracle/oracle.js';
import { SmallRoad, smallServices } from '../small/small-road.js';
import type { Conditions, Findings, Scenario } from '../scenario.js';

const TWO_HOURS_MS = 2 * 3_600_000;
const WAVE = 4;
/** So short that it passes while nothing can be done: the services that would work do not run. */
const SHORT_MINUTES = 0.05;
const preload = fileURLToPath(new URL('../fail-points/clock-shift.js', import.meta.url));

/**
 * One service's clock is two hours ahead or behind. Cascades with the usual deadline end as completed, none as timed out;
 * one whose deadline passes ends as timed out, once, and at the time that its record says.
 */
export const clock: Scenario = {
  name: 'clock',
  about: 'the clock of one service is two hours ahead or behind',
  leastSeconds: 20,
  run: shiftClocks,
};

async function shiftClocks({ random, budget, say }: Conditions): Promise<Findings> {
  const cases = random.shuffled(smallServices.flatMap(({ name }) => [1, -1].map((sign) => ({ service: name, ms: sign * TWO_HOURS_MS }))));
  const violations: string[] = [];
  const trail: string[] = [];
  for (const { service, ms } of cases) {
    if (violations.length > 0 || (trail.length > 0 && !budget.hasTimeFor(15_000))) break;
    trail.push(`${service} ${ms > 0 ? 'ahead' : 'behind'}`);
    say(trail.at(-1)!);
    violations.push(...(await oneShift(service, ms)).map((one) => `${trail.at(-1)}: ${one}`));
  }
  return { injected: `clocks two hours wrong: ${trail.join(', ')}`, rounds: trail.length, violations, trail, cutShort: trail.length < cases.length };
}

async function oneShift(service: string, ms: number): Promise<string[]> {
  const road = await SmallRoad.begin({ hooks: () => ({
    nextLife: (name) => (name === service ? { env: { CASCADE_CHAOS_CLOCK_MS: String(ms) }, preloads: [preload] } : {}),
  }) });
  try {
    await road.request(WAVE);
    const violations = await road.verdict();
    return violations.length > 0 ? violations : await passedDeadline(road);
  } finally {
    await road.close();
  }
}

/** A cascade that nobody works on must be ended by its deadline. */
async function passedDeadline(road: SmallRoad): Promise<string[]> {
  const { redis } = road.place;
  const stopped = road.deployment.process('small-work');
  stopped.signal('SIGSTOP');
  const [id] = await road.request(1, { deadlineMinutes: SHORT_MINUTES });
  const open = await untilAllEnded(road.place, [id!], 120_000);
  stopped.signal('SIGCONT');
  if (open.length > 0) return open;
  const record = parseCascadeRecord(id!, await redis.hgetall(`cascade:${id}`))!;
  const entries = await redis.xrange('stream:cascade.timed_out', '-', '+');
  const mine = entries.filter(([, fields]) => fields.includes(id!));
  // Entry ids are the clock of Redis, which nobody shifted; the request's own entry says when it came.
  const [requested] = (await redis.xrevrange('stream:cascade.requested', '+', '-', 'COUNT', 1)).map(([entry]) => entryMs(entry));
  const after = entryMs(mine[0]?.[0] ?? '') - (requested ?? 0);
  return [
    ...(record.state === 'timed_out' ? [] : [`the cascade without workers ended as ${record.state}`]),
    ...(mine.length === 1 ? [] : [`cascade.timed_out came ${mine.length} times`]),
    ...(after >= SHORT_MINUTES * 60_000 ? [] : [`the deadline of ${SHORT_MINUTES * 60} s fired after ${after / 1000} s`]),
  ];
}
