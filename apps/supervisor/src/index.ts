import type { ServiceDefinition } from '@cascade/service-host';
import type { RetryTable } from '@cascade/streams';
import { SupervisorModule } from './supervisor.module.js';

/**
 * A clean-up waits for whoever has to come back: three tries of an undo are at least five minutes apart in all. It never
 * runs out of passes, because an undo that failed three times is parked; only troubles of our own can use them up.
 */
const retryDelays: RetryTable = { default: [1_000, 5_000, 30_000, 120_000, 300_000, 300_000], CASC_CLEAN_UP_UNFINISHED: [10_000, 300_000, 300_000, 300_000, 300_000, 300_000] };

export const service: ServiceDefinition = { name: 'supervisor', module: SupervisorModule, retryDelays };
