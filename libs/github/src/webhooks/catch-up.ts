import { hookEvents } from './delivery.js';
import type { DeliveryLog, HookDelivery } from './hook-deliveries.js';

/** Bounds of one look at one hook: what is left over is found by the next. */
export const MAX_PAGES = 30;
export const MAX_REDELIVERIES = 100;
/** A delivery gets into the log when its attempt has ended, after younger ones perhaps. */
const OVERLAP_MS = 2 * 60_000;

export interface CatchUpOptions {
  /** Deliveries from then on are looked at, in Unix milliseconds by GitHub's clock. */
  readonly since: number;
  /** Counts a try of one; false when it had all that it may have. */
  readonly mayTry: (guid: string) => Promise<boolean>;
  readonly signal: AbortSignal;
}

export interface CaughtUp {
  /** `since` of the next look. */
  readonly since: number;
  readonly redelivered: number;
  /** Failed once more than often enough. */
  readonly givenUp: number;
  /** True when the log was longer than what is looked at: older failures in it are not found. */
  readonly isCut: boolean;
}

/**
 * Looks for deliveries that never arrived, and has them sent again, oldest first. GitHub sends nothing again by itself,
 * and forgets after three days. Asking twice does no harm: a delivery is published once. Throws what `IssueTracker` names.
 */
export async function catchUp(log: DeliveryLog, { since, mayTry, signal }: CatchUpOptions): Promise<CaughtUp> {
  const { deliveries, isCut } = await listed(log, since, signal);
  const failed = failedOnes(deliveries);
  let [redelivered, givenUp] = [0, 0];
  for (const { id, guid, at } of failed) {
    if (redelivered === MAX_REDELIVERIES) return { since: at, redelivered, givenUp, isCut };
    if (!await mayTry(guid)) givenUp += 1;
    else {
      await log.redeliver(id, signal);
      redelivered += 1;
    }
  }
  const newest = deliveries[0]?.at;
  return { since: newest === undefined ? since : Math.max(since, newest) - OVERLAP_MS, redelivered, givenUp, isCut };
}

async function listed(log: DeliveryLog, since: number, signal: AbortSignal): Promise<{ readonly deliveries: readonly HookDelivery[]; readonly isCut: boolean }> {
  const deliveries: HookDelivery[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const found = await log.page(cursor, signal);
    deliveries.push(...found.deliveries.filter(({ at }) => at >= since));
    cursor = found.cursor;
    if (cursor === undefined || (found.deliveries.at(-1)?.at ?? since) < since) return { deliveries, isCut: false };
  }
  return { deliveries, isCut: true };
}

/** The last attempt of each that no attempt delivered, oldest first; `deliveries` come newest first. */
export function failedOnes(deliveries: readonly HookDelivery[]): HookDelivery[] {
  const delivered = new Set(deliveries.filter(({ isDelivered }) => isDelivered).map(({ guid }) => guid));
  const last = new Map<string, HookDelivery>();
  for (const delivery of deliveries) if (!delivered.has(delivery.guid) && !last.has(delivery.guid)) last.set(delivery.guid, delivery);
  return [...last.values()].filter(({ event }) => (hookEvents as readonly string[]).includes(event)).toReversed();
}
