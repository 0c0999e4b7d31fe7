import { redisKeys, type Usage } from '@cascade/contracts';
import { RedisScript } from '@cascade/streams';
import type { Redis } from 'ioredis';
import { renewHeld } from './renew-held.js';

const script = {
  reserve: new RedisScript(new URL('./lua/reserve-spending.lua', import.meta.url)),
  settle: new RedisScript(new URL('./lua/settle-spending.lua', import.meta.url)),
};

/** A step that one run holds. */
export interface HeldStep {
  readonly cascadeId: string;
  readonly tenant: string;
  readonly step: string;
  /** Token of the run. */
  readonly fence: number;
}

/** What is spent and reserved, and the ceiling, of tokens and of USD; '' for a ceiling that is not set. */
export type Refusal = readonly [tokens: string, tokenCeiling: string, usd: string, usdCeiling: string];

/**
 * What calls in flight may still cost their tenants. A tenant's cascades may be in any partition of the data, its spending
 * is in one place: hence it is no part of the scripts that begin and record steps, but reserved before a call and settled
 * before the call's result is recorded. A crash between the two has paid for a call whose result is lost: it is counted,
 * as what is paid for it again.
 */
export class Reservations {
  /** `redis`: where tenants are kept, whatever partition the cascades are in. */
  constructor(private readonly redis: Redis) {}

  /** For `ttlMs` unless it is renewed; says how the ceiling would be passed otherwise. */
  async reserve(held: HeldStep, ttlMs: number, { promptTokens, completionTokens, usd }: Usage): Promise<Refusal | undefined> {
    const args = [fieldOf(held), held.fence, ttlMs, promptTokens + completionTokens, usd];
    return (await script.reserve.run(this.redis, keysOf(held), args)) as Refusal | null ?? undefined;
  }

  /** Counts what a call did cost, once for each reservation. */
  async settle(held: HeldStep, { promptTokens, completionTokens, usd }: Usage): Promise<void> {
    await script.settle.run(this.redis, keysOf(held), [fieldOf(held), held.fence, promptTokens, completionTokens, usd]);
  }

  /** Prolongs the reservations of one tenant that are still there; 0 gives them back. */
  async renew(tenant: string, steps: readonly HeldStep[], ms: number): Promise<void> {
    await renewHeld(this.redis, redisKeys.tenantReservations(tenant), ms, steps.map((held) => ({ field: fieldOf(held), fence: held.fence })));
  }
}

const fieldOf = ({ cascadeId, step }: HeldStep): string => `${cascadeId} ${step}`;
const keysOf = ({ tenant }: HeldStep): string[] => [redisKeys.tenant(tenant), redisKeys.tenantReservations(tenant)];
