import { messageTypes } from '@cascade/contracts';
import { readLag } from '@cascade/streams';
import type { Redis } from 'ioredis';
import type { StreamFigures } from '../contract/stream-operations.js';

/** Where every service stands in every partition. Reads only; throws what Redis throws. */
export async function streamFigures(partitions: readonly Redis[]): Promise<StreamFigures> {
  const found = await Promise.all(partitions.map((redis) => readLag(redis, messageTypes)));
  return {
    groups: found.flatMap(({ groups }, partition) => groups.map((group) => ({ ...group, partition }))),
    services: found.flatMap(({ services }, partition) => services.map((service) => ({ ...service, partition }))),
  };
}
