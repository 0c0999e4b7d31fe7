import type { Redis } from 'ioredis';
import type { EntryPool } from './entry-pool.js';
import { RedisScript } from './redis-script.js';
import { fieldsOf, type Delivery } from './stream-entry.js';

const takeLost = new RedisScript(new URL('./lua/take-lost.lua', import.meta.url));

interface Owner {
  readonly redis: Redis;
  readonly group: string;
  readonly consumer: string;
}

/**
 * Up to `count` entries of a pool that are leased to this consumer by a reply that it never got. `held` tells what it has
 * of a stream. Without this they would wait until their claim runs out.
 */
export async function takeLostEntries({ redis, group, consumer }: Owner, pool: EntryPool, count: number, held: (stream: string) => readonly string[]): Promise<Delivery[]> {
  const taken: Delivery[] = [];
  for (const stream of pool.lanes.flat()) {
    if (taken.length >= count) break;
    const reply = await takeLost.runPacked(redis, [stream], [group, consumer, count - taken.length, ...held(stream)]);
    for (const [id, deliveries, flat] of reply as [string, number, string[]][]) taken.push({ stream, id, fields: fieldsOf(flat), deliveries });
  }
  return taken;
}
