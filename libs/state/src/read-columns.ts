import { RedisScript } from '@cascade/streams';
import type { Redis } from 'ioredis';
import { z } from 'zod';

const script = new RedisScript(new URL('./lua/read-columns.lua', import.meta.url));
const rows = z.array(z.array(z.union([z.string(), z.literal(false)])));

/** The named columns of several hashes, in the order of the keys; those that a hash lacks are left out. */
export async function readColumns<Name extends string>(redis: Redis, keys: readonly string[], names: readonly Name[]): Promise<Partial<Record<Name, string>>[]> {
  if (keys.length === 0) return [];
  const reply = rows.parse(JSON.parse(await script.run(redis, keys, names) as string));
  return reply.map((values) => Object.fromEntries(values.flatMap((value, place) => (value === false ? [] : [[names[place]!, value]]))) as Partial<Record<Name, string>>);
}
