import { Registry } from 'prom-client';

/** All that GET /metrics of this process tells, whichever services run in it. */
export const registry = new Registry();
