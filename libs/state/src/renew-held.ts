import { RedisScript } from '@cascade/streams';
import type { Redis } from 'ioredis';

const script = new RedisScript(new URL('./lua/renew-steps.lua', import.meta.url));

/** Prolongs what runs hold in a hash (leases, or reservations at a tenant) to `ms` from now, as far as they still hold it; 0 gives it back. */
export async function renewHeld(redis: Redis, key: string, ms: number, held: readonly { readonly field: string; readonly fence: number }[]): Promise<void> {
  await script.run(redis, [key], [ms, ...held.flatMap(({ field, fence }) => [field, fence])]);
}
