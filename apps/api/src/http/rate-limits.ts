import { redisKeys } from '@cascade/contracts';
import { RedisScript } from '@cascade/streams';
import type { Redis } from 'ioredis';
import { z } from 'zod';

/** Clients that are remembered; beyond them those go that have the most of their requests back. */
export const MAX_CLIENTS = 10_000;

const script = new RedisScript(new URL('./lua/take-request.lua', import.meta.url));
const reply = z.tuple([z.number(), z.number(), z.number()]);

/** What a client may still send. */
export interface Allowance {
  /** Until its next request is let in, in milliseconds; 0 when this one is. */
  readonly waitMs: number;
  readonly left: number;
  /** Until it has all of them back, in milliseconds. */
  readonly backMs: number;
}

/** How many requests each client may still send, to all processes of the API together. */
export class RateLimits {
  /** Clients that are over it, and until when: they cost Redis nothing more. */
  private readonly refused = new Map<string, number>();

  constructor(private readonly redis: Redis, private readonly perMinute: number, private readonly maxClients: number = MAX_CLIENTS) {}

  /** Takes one request of a client. Throws what Redis throws. */
  async take(client: string): Promise<Allowance> {
    const leftMs = (this.refused.get(client) ?? 0) - performance.now();
    if (leftMs > 0) return { waitMs: Math.ceil(leftMs), left: 0, backMs: 60_000 };
    this.refused.delete(client);
    const [waitMs, left, backMs] = reply.parse(await script.run(this.redis, [redisKeys.apiRates], [client, this.perMinute, this.maxClients]));
    if (waitMs > 0) this.remember(client, performance.now() + waitMs);
    return { waitMs, left, backMs };
  }

  private remember(client: string, until: number): void {
    if (this.refused.size >= this.maxClients) this.refused.delete(this.refused.keys().next().value!);
    this.refused.set(client, until);
  }
}

/** The fields of the IETF's draft: the policy, and what is left of it. */
export const rateHeaders = (perMinute: number, { left, backMs }: Allowance): Record<string, string> => ({
  'ratelimit-policy': `"minute";q=${perMinute};w=60`,
  'ratelimit': `"minute";r=${left};t=${Math.ceil(backMs / 1_000)}`,
});
