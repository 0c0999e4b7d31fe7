import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { allKeys } from '../place/all-keys.js';
import { Place } from '../place/place.js';
import { SoakProcess } from '../soak/soak-process.js';
import { costGrowth, growthViolations, percent, tableHeader, tableLine, type Tenth } from '../soak/tenth.js';
import type { Conditions, Findings, Scenario } from '../scenario.js';

const DEFAULT_CASCADES = 100_000;
const TENTHS = 10;
/** Keys that are looked at in one go. */
const BATCH = 500;
const IN_FLIGHT = 64;
/** So short that what the first cascades of a tenth left expires while the others run. */
const RETENTION_MS = 3_000;
/** After the last end of a tenth: what it left expires, and what was acknowledged is trimmed. */
const REST_MS = 3 * RETENTION_MS;

/** Nothing is broken, for long: what grows with every cascade, or makes the next one dearer, is found. */
export const soak: Scenario = {
  name: 'soak',
  about: `by default ${DEFAULT_CASCADES} cascades with a null model through null tiers and the real supervisor, all services in one process`,
  leastSeconds: 1_200,
  run: async (conditions) => {
    const place = await Place.open({ SOAK_IN_FLIGHT: String(IN_FLIGHT), SOAK_RETENTION_MS: String(RETENTION_MS), CASCADE_CONCURRENCY: '16', CASCADE_CLAIM_IDLE_MS: '30000' });
    try {
      return await soakIn(place, conditions);
    } finally {
      await place.close();
    }
  },
};

async function soakIn({ redis, env }: Place, { repetitions, say }: Conditions): Promise<Findings> {
  const services = await SoakProcess.start(env);
  const each = Math.max(1, Math.ceil((repetitions ?? DEFAULT_CASCADES) / TENTHS));
  const tenths: Tenth[] = [];
  say(tableHeader);
  try {
    while (tenths.length < TENTHS) {
      tenths.push(await soakTenth(services, redis, each));
      say(tableLine(each * tenths.length, tenths.at(-1)!));
    }
  } finally {
    await services.stop();
  }
  return { injected: `${each * TENTHS} cascades, whose CPU time changed by ${percent(costGrowth(tenths))}`, rounds: TENTHS, violations: growthViolations(tenths, each) };
}

async function soakTenth(services: SoakProcess, redis: Redis, count: number): Promise<Tenth> {
  const [began, redisBefore] = [performance.now(), await redisCpuMicros(redis)];
  const nodeMicros = await services.ask(count) / count;
  const redisMicros = (await redisCpuMicros(redis) - redisBefore) / count;
  const perSecond = count / ((performance.now() - began) / 1000);
  await pause(REST_MS);
  const forgotten = await forget(redis);
  const heapBytes = await services.heapBytes();
  return { perSecond, nodeMicros, redisMicros, heapBytes, forgotten, keys: await redis.dbsize(), redisBytes: await numberIn(redis, 'memory', 'used_memory') };
}

/**
 * What time takes away later than a soak lasts, answers to commands (an hour) and agents
 * (half an hour after their deadline), goes now. Of that, what nothing would ever take away stays and counts as growth. Gives how many keys went.
 */
async function forget(redis: Redis): Promise<number> {
  const keys = (await allKeys(redis)).filter((key) => /^(reply:|agent-)/.test(key));
  let forgotten = 0;
  for (let from = 0; from < keys.length; from += BATCH) {
    const some = keys.slice(from, from + BATCH);
    const left = await Promise.all(some.map((key) => redis.pttl(key)));
    const expiring = some.filter((_, index) => left[index]! > 0);
    if (expiring.length > 0) forgotten += await redis.unlink(expiring);
  }
  return forgotten;
}

async function redisCpuMicros(redis: Redis): Promise<number> {
  return 1e6 * (await numberIn(redis, 'cpu', 'used_cpu_user') + await numberIn(redis, 'cpu', 'used_cpu_sys'));
}

async function numberIn(redis: Redis, section: string, field: string): Promise<number> {
  return Number(new RegExp(`^${field}:([0-9.]+)`, 'm').exec(await redis.info(section))?.[1]);
}
