import { namesOf } from './label-values.js';

/** Labels that several metrics share. */
export const stream = namesOf('a stream of the [contracts](events.md), with its lane', 1_000);
export const service = namesOf('a service, also the name of its consumer group', 50);
export const partition = namesOf('the number of a partition of the data', 64);
