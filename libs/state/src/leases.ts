import { redisKeys } from '@cascade/contracts';
import { RedisScript } from '@cascade/streams';
import type { Redis } from 'ioredis';

/** How long the last token of a lease that nobody uses is remembered, in milliseconds: 7 days. */
export const LEASE_MEMORY_MS = 7 * 24 * 3_600_000;

const script = {
  acquire: new RedisScript(new URL('./lua/acquire-lease.lua', import.meta.url)),
  renew: new RedisScript(new URL('./lua/renew-lease.lua', import.meta.url)),
};

/** Leases by name: at most one holder at a time, by the clock of Redis. */
export class Leases {
  constructor(private readonly redis: Redis) {}

  /**
   * The lease for `ttlMs`, or undefined while somebody else has it. `holder` is unique to a process: the same holder gets
   * the lease again, with a new token, because a lost reply must not lock it out.
   */
  async acquire(name: string, holder: string, ttlMs: number): Promise<Lease | undefined> {
    const asked = performance.now();
    const key = redisKeys.lease(name);
    const token = Number(await script.acquire.run(this.redis, [key], [holder, ttlMs, LEASE_MEMORY_MS + ttlMs]));
    return token === 0 ? undefined : new Lease(this.redis, key, token, ttlMs, asked + ttlMs);
  }
}

/**
 * A lease that was got: held, until it lapses, is given back or is taken by somebody else; then lost for good, except that
 * a lapsed lease which nobody took can still be renewed. Whoever acts outside Redis hands `token` along, and the other
 * side refuses one that is smaller than the greatest it has seen: a process that was frozen does not know what it lost.
 */
export class Lease {
  constructor(
    private readonly redis: Redis,
    private readonly key: string,
    /** Grows with every acquisition of this name, also across expiry and release. */
    readonly token: number,
    private readonly ttlMs: number,
    /** By this process's monotonic clock, counted from before the request: never later than what Redis thinks. */
    private heldUntil: number,
  ) {}

  /** Whether it is certainly ours, as far as this process knows. */
  get isHeld(): boolean {
    return performance.now() < this.heldUntil;
  }

  /** Prolongs it by its duration from now; false when somebody else has had it since, or it was given back. */
  async renew(): Promise<boolean> {
    const asked = performance.now();
    const renewed = await this.prolong(this.ttlMs);
    this.heldUntil = renewed ? asked + this.ttlMs : 0;
    return renewed;
  }

  /** Gives it back; nothing when it is lost. */
  async release(): Promise<void> {
    this.heldUntil = 0;
    await this.prolong(0);
  }

  private async prolong(ms: number): Promise<boolean> {
    return (await script.renew.run(this.redis, [this.key], [this.token, ms, LEASE_MEMORY_MS + ms])) === 1;
  }
}
