import { setTimeout as pause } from 'node:timers/promises';
import { isTerminal, parseCascadeRecord, type CascadeRecord } from '@cascade/state';
import type { Deployment } from '../place/deployment.js';
import type { Place } from '../place/place.js';
import { eventViolations } from './events.js';
import { machineOrphans } from './machine-orphans.js';
import { redisOrphans } from './redis-orphans.js';

/** Generous: a machine three times slower, with stalls, still ends in time. What does not end has hung. */
const END_WITHIN_MS = 10 * 60_000;
/** From the last clean-up until nothing at all is left. */
const SETTLE_WITHIN_MS = 60_000;
const LOOK_AGAIN_MS = 100;

/** Waits until all these cascades have ended and are cleaned up. Gives a violation for each that does not. */
export async function untilAllEnded(place: Place, cascades: readonly string[], withinMs: number = END_WITHIN_MS): Promise<string[]> {
  const until = performance.now() + withinMs;
  const open = new Set(cascades);
  for (;;) {
    for (const id of open) if (await hasEnded(place, id)) open.delete(id);
    if (open.size === 0) return [];
    if (performance.now() > until) return Promise.all([...open].map((id) => describeOpen(place, id, withinMs)));
    await pause(LOOK_AGAIN_MS);
  }
}

/** Its keys get their expiry in the commit that ends the clean-up. */
async function hasEnded(place: Place, id: string): Promise<boolean> {
  return isTerminal((await recordOf(place, id))?.state ?? 'running') && await place.redis.pttl(`cascade:${id}`) > 0;
}

export async function recordOf(place: Place, id: string): Promise<CascadeRecord | undefined> {
  return parseCascadeRecord(id, await place.redis.hgetall(`cascade:${id}`));
}

async function describeOpen(place: Place, id: string, withinMs: number): Promise<string> {
  const [record, lines] = await Promise.all([recordOf(place, id), place.redis.xrevrange(`cascade:${id}:timeline`, '+', '-', 'COUNT', 3)]);
  const last = lines.toReversed().map(([, fields]) => fields.join(' ')).join(' | ');
  return `cascade ${id} did not end and get cleaned within ${withinMs / 1000} s: ${record === undefined ? 'it was never accepted' : `${record.state} in tier ${record.tier}`}; ${last}`;
}

/** What a disturbance may do that others may not. */
export interface Leniency {
  /** Groups were lost, so that every entry is delivered again and may be answered by the same event again. */
  readonly repeatedEvents?: boolean;
}

/** Everything that holds after any disturbance, once all cascades have ended and the services idle. */
export async function generalViolations(place: Place, deployment: Deployment, leniency: Leniency = {}): Promise<string[]> {
  const cascades = await place.cascades();
  return [...deployment.unexpectedEnds, ...await eventViolations(place.redis, cascades, leniency.repeatedEvents === true), ...await orphansThatStay(place, deployment, cascades)];
}

/** Things go one after another; only what stays is an orphan. */
async function orphansThatStay(place: Place, deployment: Deployment, cascades: readonly string[]): Promise<string[]> {
  const until = performance.now() + SETTLE_WITHIN_MS;
  for (;;) {
    const pids = deployment.pids;
    const found = [...await redisOrphans(place.redis, cascades), ...machineOrphans({ folder: place.folder, cache: place.cache, workspaces: place.workspaces, pids })];
    if (found.length === 0 || performance.now() > until) return found;
    await pause(LOOK_AGAIN_MS);
  }
}
