import type { PayloadStore } from '@cascade/streams';
import type { Redis } from 'ioredis';
import { DEFAULT_TENANT } from '../tenants.js';
import { Journal } from '../journal.js';
import { ProgramGuard } from '../program-guard.js';
import { Reservations } from '../reservations.js';
import { StepLeases } from '../step-leases.js';
import { StepResults } from '../step-results.js';

let fence = 0;

/** The journal of cascade `c1` as one more run sees it, as if in a process of its own. */
export function openJournal(redis: Redis, options: { readonly signal?: AbortSignal; readonly ttlMs?: number; readonly store?: PayloadStore; readonly cascadeId?: string; readonly tenant?: string; readonly tenants?: Redis } = {}): Journal {
  const owner = { cascadeId: options.cascadeId ?? 'c1', tenant: options.tenant ?? DEFAULT_TENANT, service: 'test', eventId: 'e1', fence: ++fence, signal: options.signal ?? new AbortController().signal };
  return new Journal(redis, owner, new StepLeases(redis, new Reservations(options.tenants ?? redis), options.ttlMs ?? 600_000), new ProgramGuard(redis, owner, 'fail', false), new StepResults(options.store));
}
